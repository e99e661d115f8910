package io.sluice.node.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A name server on loopback, UDP and TCP, that says what the test tells it to. */
public final class DnsServer implements AutoCloseable {

    /** How it behaves about a name. */
    public enum Manner {
        HONEST,
        SILENT,
        GARBAGE,
        /** Another identifier than the question's. */
        WRONG_ID,
        /** An answer to a question that was not asked. */
        WRONG_NAME,
        SERVFAIL,
        /** Does not know of EDNS. */
        OLD,
        /** Says over UDP that there is more. */
        TRUNCATED
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<Record> records = new CopyOnWriteArrayList<>();
    private final Map<Name, Manner> manners = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Manner otherwise = Manner.HONEST;

    private DnsServer(DatagramSocket udp, ServerSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    public static DnsServer start() {
        try {
            InetAddress loopback = InetAddress.getByName("127.0.0.1");
            ServerSocket tcp = new ServerSocket(0, 16, loopback);
            DnsServer server = new DnsServer(new DatagramSocket(tcp.getLocalPort(), loopback), tcp);
            start(server::serveUdp);
            start(server::serveTcp);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "test-dns");
        thread.setDaemon(true);
        thread.start();
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort());
    }

    public DnsServer a(String name, int ttl, String... addresses) {
        for (String address : addresses) {
            records.add(new ARecord(name(name), DClass.IN, ttl, Names.address(address)));
        }
        return this;
    }

    public DnsServer aaaa(String name, int ttl, String address) {
        records.add(new AAAARecord(name(name), DClass.IN, ttl, Names.address(address)));
        return this;
    }

    public DnsServer cname(String name, int ttl, String target) {
        records.add(new CNAMERecord(name(name), DClass.IN, ttl, name(target)));
        return this;
    }

    public DnsServer srv(String name, int ttl, int priority, int weight, int port, String target) {
        records.add(new SRVRecord(name(name), DClass.IN, ttl, priority, weight, port, name(target)));
        return this;
    }

    /** Forgets all records of a name. */
    public DnsServer remove(String name) {
        records.removeIf(record -> record.getName().equals(name(name)));
        return this;
    }

    public DnsServer manner(String name, Manner manner) {
        manners.put(name(name), manner);
        return this;
    }

    /** How it behaves about all other names. */
    public DnsServer manner(Manner manner) {
        otherwise = manner;
        return this;
    }

    /** The questions so far, as {@code "A a.test"}, with {@code "tcp "} before those over TCP. */
    public List<String> asked() {
        return asked;
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text.endsWith(".") ? text : text + '.');
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] query = new byte[packet.getLength()];
                System.arraycopy(buffer, 0, query, 0, query.length);
                byte[] answer = answer(query, false);
                if (answer.length > 0) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                continue; // closed
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                start(() -> serve(socket));
            } catch (IOException e) {
                continue; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] answer = answer(query, true);
                byte[] framed = new byte[answer.length + 2];
                framed[0] = (byte) (answer.length >> 8);
                framed[1] = (byte) answer.length;
                System.arraycopy(answer, 0, framed, 2, answer.length);
                out.write(framed);
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private byte[] answer(byte[] bytes, boolean stream) throws IOException {
        Message query = new Message(bytes);
        Record question = query.getQuestion();
        asked.add((stream ? "tcp " : "")
                + Type.string(question.getType())
                + ' '
                + question.getName().toString(true));
        Manner manner = manners.getOrDefault(question.getName(), otherwise);
        int id = query.getHeader().getID();
        Message answer = new Message(manner == Manner.WRONG_ID ? id ^ 1 : id);
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setOpcode(Opcode.QUERY);
        Record about = manner == Manner.WRONG_NAME
                ? Record.newRecord(name("other.test"), question.getType(), DClass.IN)
                : question;
        answer.addRecord(about, Section.QUESTION);
        switch (manner) {
            case SILENT -> {
                return new byte[0];
            }
            case GARBAGE -> {
                return new byte[] {bytes[0], bytes[1], 1, 2, 3};
            }
            case SERVFAIL -> answer.getHeader().setRcode(Rcode.SERVFAIL);
            case OLD -> {
                if (query.getOPT() != null) {
                    answer.getHeader().setRcode(Rcode.FORMERR);
                } else {
                    fill(answer, question);
                }
            }
            case TRUNCATED -> {
                if (stream) {
                    fill(answer, question);
                } else {
                    answer.getHeader().setFlag(Flags.TC);
                }
            }
            default -> fill(answer, question);
        }
        return answer.toWire(65_535);
    }

    private void fill(Message answer, Record question) {
        Name at = question.getName();
        boolean known = false;
        List<Name> seen = new ArrayList<>();
        while (at != null && !seen.contains(at) && seen.size() < 30) {
            seen.add(at);
            Name next = null;
            for (Record one : records) {
                boolean about = one.getName().equals(at);
                known |= about;
                if (about && one.getType() == question.getType()) {
                    answer.addRecord(one, Section.ANSWER);
                } else if (about && one instanceof CNAMERecord alias) {
                    answer.addRecord(one, Section.ANSWER);
                    next = alias.getTarget();
                }
            }
            at = next;
        }
        if (!known) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
