package tega.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tega.api.Blame;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.History;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Value;

/** The past of another server's database. Commits that were read with a blame have no edits. */
final class RemoteHistory implements History {
    private static final int MOST = 1000;

    private final Rest rest;

    RemoteHistory(Rest rest) {
        this.rest = rest;
    }

    private static TegaException whole() {
        return new TegaException.Unavailable(
                "a whole database of the past is not given over REST; ask for the log, a diff, or a node at a version");
    }

    @Override
    public long oldest() {
        throw whole();
    }

    @Override
    public Snapshot at(long revision) {
        throw whole();
    }

    @Override
    public Snapshot at(String root, long version) {
        throw whole();
    }

    @Override
    public long version(Snapshot snapshot, Path path) {
        throw whole();
    }

    @Override
    public List<Long> versions(String root) {
        for (var item : rest.ask("GET", "/_old").array()) {
            var versions = Answers.object(item).get(root);
            if (versions != null) {
                var numbers = new ArrayList<Long>();
                Answers.array(versions).forEach(version -> numbers.add(Answers.number(version)));
                return numbers;
            }
        }
        if (rest.ask("GET", "/_roots").object().has(root)) {
            return List.of();
        }
        throw new TegaException.NotFound(Path.of(root), "there is no root '" + Path.of(root) + "'");
    }

    @Override
    public List<Commit> log(Path path, long from, int limit) {
        var commits = new ArrayList<Commit>();
        var next = from;
        while (commits.size() < limit) {
            var wanted = Math.min(MOST, limit - commits.size());
            var page = rest.ask("GET", "/_log")
                    .with("path", path)
                    .with("from", next)
                    .with("limit", wanted)
                    .array();
            page.forEach(item -> commits.add(Answers.commit(item)));
            if (page.size() < wanted) {
                break;
            }
            next = commits.get(commits.size() - 1).revision() - 1;
        }
        return commits;
    }

    @Override
    public Commit commit(long revision) {
        var commits = log(Path.EMPTY, revision, 1);
        if (commits.isEmpty() || commits.get(0).revision() != revision) {
            throw new TegaException.NotFound("there is no revision " + revision + ", or it touched no node");
        }
        return commits.get(0);
    }

    @Override
    public List<Edit> diff(long from, long to, Path path) {
        return Answers.edits(rest.ask("GET", "/_diff")
                .with("path", path)
                .with("from", from)
                .with("to", to)
                .array());
    }

    @Override
    public List<Blame> blame(Path path) {
        var leaves = new ArrayList<Blame>();
        for (var item : rest.ask("GET", "/_blame").with("path", path).array()) {
            var leaf = Answers.object(item);
            var where = leaf.get("path");
            var value = leaf.get("value");
            var commit = leaf.get("commit");
            if (where == null || value == null) {
                throw Answers.unexpected("a leaf", null);
            }
            leaves.add(new Blame(
                    Path.from(where),
                    value,
                    Answers.number(leaf.get("revision")),
                    commit instanceof ObjectValue known ? Answers.commit(known) : null));
        }
        return leaves;
    }

    @Override
    public Commit rollback(String root, long version) {
        return commit(rest.ask("POST", "/_rollback")
                .with("root_oid", root)
                .with("backto", version)
                .tell()
                .revision());
    }

    @Override
    public Commit revert(long revision) {
        return commit(Answers.number(
                rest.ask("POST", "/_revert").with("revision", revision).object().get("revision")));
    }

    @Override
    public Commit tag(String name, long revision) {
        return Answers.commit(rest.ask("POST", "/_tag")
                .with("name", name)
                .with("revision", revision)
                .value());
    }

    @Override
    public Map<String, Long> tags() {
        Value tags = rest.ask("GET", "/_tag").value();
        return Answers.numbers(tags);
    }
}
