package io.sluice.node.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/**
 * Asks name servers, over UDP and over TCP where an answer does not fit, without blocking. A server that does not answer, or not
 * to the point, is followed by the next; the one that answered last is asked first. On the agenda's thread only.
 */
final class DnsServers {

    /** Each takes a socket. */
    static final int MOST_AT_ONCE = 128;

    /** What has waited for longer fails: while no server answers, questions would become more and more. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Agenda agenda;
    private final long longestWait;
    private final Supplier<ResolvConf> settings;
    private final Queue<Question> waiting = new ArrayDeque<>();
    private final Map<InetSocketAddress, SimpleResolver> resolvers = new HashMap<>();
    private @Nullable InetSocketAddress good;
    private int running;
    private boolean taking;

    private static final class Question {
        private final Record about;
        private final ResolvConf by;
        private final long since;
        private final CompletableFuture<Message> answer = new CompletableFuture<>();
        private String failure = "no name server is known";
        private int first;
        private int tries;
        private boolean plain;

        Question(Record about, ResolvConf by, long since) {
            this.about = about;
            this.by = by;
            this.since = since;
        }

        InetSocketAddress server() {
            return by.servers().get((first + tries) % by.servers().size());
        }

        boolean over() {
            return tries >= by.servers().size() * by.rounds();
        }
    }

    /**
     * Servers that may change.
     *
     * @param settings asked for every question
     * @param longestWait how long a question may wait for others; usually {@link #LONGEST_WAIT}
     */
    DnsServers(Agenda agenda, Supplier<ResolvConf> settings, Duration longestWait) {
        this.agenda = agenda;
        this.settings = settings;
        this.longestWait = longestWait.toNanos();
    }

    /** An answer with NOERROR or NXDOMAIN; otherwise the stage fails with an {@link IOException} that says why. */
    CompletableFuture<Message> ask(Name name, int type) {
        ResolvConf by = settings.get();
        Question question = new Question(Record.newRecord(name, type, DClass.IN), by, agenda.now());
        waiting.add(question);
        next();
        return question.answer;
    }

    private int first(ResolvConf by) {
        InetSocketAddress last = good;
        return last == null ? 0 : Math.max(0, by.servers().indexOf(last));
    }

    /** Takes questions up; what their ends lead to is taken up by the same loop, so that no stack grows with the queue. */
    private void next() {
        if (taking) {
            return;
        }
        taking = true;
        while (running < MOST_AT_ONCE && !waiting.isEmpty()) {
            Question question = waiting.remove();
            running++;
            if (agenda.now() - question.since > longestWait) {
                question.failure = "too many look-ups at once";
                end(question, null);
            } else {
                question.first = first(question.by); // known better now than when it was asked
                send(question);
            }
        }
        taking = false;
    }

    private void send(Question question) {
        if (question.over()) {
            end(question, null);
            return;
        }
        InetSocketAddress server = question.server();
        Duration timeout = question.by.timeout();
        SimpleResolver resolver = resolver(server, timeout, question.plain);
        CompletableFuture<Message> unused = sent(resolver, question.about)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync((message, failure) -> answered(question, server, message, failure), agenda::add);
    }

    private CompletableFuture<Message> sent(SimpleResolver resolver, Record about) {
        try {
            return resolver.sendAsync(Message.newQuery(about), agenda::add).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e); // its place must become free again
        }
    }

    private void answered(
            Question question, InetSocketAddress server, @Nullable Message message, @Nullable Throwable failure) {
        int code = message == null ? -1 : message.getRcode();
        if (message != null && (code == Rcode.NOERROR || code == Rcode.NXDOMAIN) && toThePoint(question, message)) {
            good = server;
            end(question, message);
            return;
        }
        boolean old = code == Rcode.FORMERR && !question.plain; // a server that does not know of EDNS
        question.plain = old;
        question.tries += old ? 0 : 1;
        question.failure = server.getAddress().getHostAddress() + ": " + reason(message, failure);
        send(question);
    }

    private static boolean toThePoint(Question question, Message message) {
        Record about = message.getQuestion();
        return message.getHeader().getFlag(Flags.QR)
                && about != null
                && about.getName().equals(question.about.getName())
                && about.getType() == question.about.getType();
    }

    private static String reason(@Nullable Message message, @Nullable Throwable failure) {
        if (message != null) {
            return message.getRcode() == Rcode.NOERROR
                    ? "answer to another question"
                    : Rcode.string(message.getRcode()).toLowerCase(Locale.ROOT);
        }
        Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof TimeoutException ? "no answer in time" : String.valueOf(cause);
    }

    private void end(Question question, @Nullable Message message) {
        running--;
        if (message == null) {
            question.answer.completeExceptionally(new IOException(question.failure));
        } else {
            question.answer.complete(message);
        }
        next();
    }

    private SimpleResolver resolver(InetSocketAddress server, Duration timeout, boolean plain) {
        if (plain) {
            SimpleResolver resolver = new SimpleResolver(server);
            resolver.setEDNS(-1);
            resolver.setTimeout(timeout);
            return resolver;
        }
        List<InetSocketAddress> known = settings.get().servers();
        resolvers.keySet().removeIf(one -> !known.contains(one) && !one.equals(server));
        SimpleResolver resolver = resolvers.computeIfAbsent(server, address -> new SimpleResolver(address));
        resolver.setTimeout(timeout);
        return resolver;
    }
}
