package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.Configs;
import io.sluice.node.proxy.TestGateway;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.OcspResponder;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TestAuthority.Issued;
import io.sluice.node.tls.TestAuthority.More;
import io.sluice.node.tls.TlsRules;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate that names a responder is shown with its word, in a JVM that was started for that. */
class OcspStaplingIT {

    private static final TestAuthority BETWEEN = TestAuthority.root("authority").intermediate("between");

    /** A gateway of its own JVM: says its port, and ends with its input. */
    static final class Gateway {

        private Gateway() {}

        public static void main(String[] files) throws Exception {
            CertifiedKey key =
                    CertifiedKey.read(Files.readString(Path.of(files[0])), Files.readString(Path.of(files[1])));
            try (TestGateway gateway = TestGateway.start(Configs.to(1))) {
                System.out.println(
                        "port " + gateway.listenTls(TlsRules.DEFAULT, key).getPort());
                System.in.read();
            }
        }
    }

    @Test
    void opensslIsShownTheWordOfTheResponder(@TempDir Path folder) throws Exception {
        Program.require("openssl");
        try (OcspResponder responder = OcspResponder.of(BETWEEN)) {
            Issued issued = BETWEEN.issue(More.responder(responder.url()), "own.test");
            Path certificate = Files.writeString(folder.resolve("c.pem"), issued.certificates());
            Path key = Files.writeString(folder.resolve("k.pem"), issued.key());
            Process gateway = Program.start(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djdk.tls.server.enableStatusRequestExtension=true",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Gateway.class.getName(),
                    certificate.toString(),
                    key.toString()));
            try {
                String port = port(gateway);
                List<String> command = List.of(
                        "openssl", "s_client", "-connect", "127.0.0.1:" + port, "-servername", "own.test", "-status");

                assertThat(Program.run("", command)).contains("OCSP Response Status: successful", "Cert Status: good");
                assertThat(responder.asked()).isPositive();
            } finally {
                Program.end(gateway);
            }
        }
    }

    private static String port(Process gateway) throws IOException {
        BufferedReader said =
                new BufferedReader(new InputStreamReader(gateway.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder before = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("port ")) {
                return line.substring("port ".length());
            }
            before.append(line).append('\n');
        }
        throw new AssertionError("the gateway did not start: " + before);
    }
}
