package io.sluice.node.config;

import io.sluice.node.config.document.ConfigErrors;
import io.sluice.node.config.document.DeclarativeReader;
import io.sluice.node.config.document.ReadResult;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import java.util.ArrayList;
import java.util.List;

/** From a candidate to a compiled revision, or to what is wrong. Runs where blocking is allowed. */
final class CandidateReader<R> {

    private final DeclarativeReader reader;
    private final SecretResolver secrets;
    private final RevisionCompiler<R> compiler;

    CandidateReader(DeclarativeReader reader, SecretResolver secrets, RevisionCompiler<R> compiler) {
        this.reader = reader;
        this.secrets = secrets;
        this.compiler = compiler;
    }

    /** What came of it. */
    sealed interface Result<R> {

        record Ready<R>(GatewayConfig declared, R revision, List<Problem> warnings) implements Result<R> {}

        record Not<R>(Outcome outcome) implements Result<R> {}
    }

    /**
     * Reads and compiles.
     *
     * @param known the hash that makes it unnecessary; empty for none
     */
    Result<R> read(Candidate candidate, String known) {
        if (candidate instanceof Candidate.Model model) {
            return model.config().hash().equals(known)
                    ? new Result.Not<>(new Outcome.Unchanged(known))
                    : compiled(model.config(), List.of());
        }
        ReadResult read;
        if (candidate instanceof Candidate.Text text) {
            if (DeclarativeReader.hash(text.text()).equals(known)) {
                return new Result.Not<>(new Outcome.Unchanged(known));
            }
            read = reader.read(text.text(), text.format());
        } else {
            Candidate.Tree tree = (Candidate.Tree) candidate;
            String hash = tree.hash().isEmpty() ? DeclarativeReader.hash(tree.root()) : tree.hash();
            if (hash.equals(known)) {
                return new Result.Not<>(new Outcome.Unchanged(known));
            }
            read = reader.read(tree.root(), hash);
        }
        return read.config().isPresent()
                ? compiled(read.config().get(), read.warnings())
                : new Result.Not<>(new Outcome.Refused(read.errors()));
    }

    private Result<R> compiled(GatewayConfig declared, List<Problem> warnings) {
        SecretResolver.Resolved resolved = secrets.resolve(declared);
        try {
            R revision = compiler.compile(resolved.config());
            List<Problem> all = new ArrayList<>(warnings);
            all.addAll(resolved.warnings());
            all.addAll(UnspokenProtocols.of(declared));
            all.addAll(compiler.problems(revision));
            return new Result.Ready<>(declared, revision, List.copyOf(all));
        } catch (IllegalArgumentException e) {
            String reason = e.getMessage() == null ? "cannot be put to work" : e.getMessage();
            return new Result.Not<>(new Outcome.Refused(ConfigErrors.whole(reason)));
        }
    }
}
