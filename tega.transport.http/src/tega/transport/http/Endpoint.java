package tega.transport.http;

/** Answers the requests of one route. Runs on a thread that may block for as long as a commit takes. */
@FunctionalInterface
interface Endpoint {
    /** The answer; what it throws is answered as a problem document. */
    Reply answer(Exchange exchange);
}
