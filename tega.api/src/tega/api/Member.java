package tega.api;

/** A member of a JSON object: its name and its value. */
public record Member(String name, Value value) {}
