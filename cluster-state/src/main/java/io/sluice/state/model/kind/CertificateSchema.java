package io.sluice.state.model.kind;

import io.sluice.state.model.CaCertificate;
import io.sluice.state.model.Certificate;
import io.sluice.state.model.Sni;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.TextRules;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Certificates, the server names they are presented for, and trusted authorities. What is in the PEM is checked elsewhere. */
final class CertificateSchema implements Codec<Certificate> {

    static final Schema SCHEMA = Schema.of(
                    Fields.id(),
                    Fields.createdAt(),
                    Fields.updatedAt(),
                    Field.string("cert").mandatory().asReferenceable(),
                    Field.string("key").mandatory().asReferenceable().asSecret(),
                    Field.string("cert_alt").asReferenceable(),
                    Field.string("key_alt").asReferenceable().asSecret(),
                    Fields.tags())
            .with(Checks.allOrNone("cert_alt", "key_alt"));

    @Override
    public Certificate decode(Settings tree) {
        return new Certificate(
                Fields.uuid(tree),
                tree.string("cert"),
                tree.string("key"),
                Fields.text(tree, "cert_alt"),
                Fields.text(tree, "key_alt"),
                Fields.strings(tree, "tags"),
                Fields.created(tree),
                Fields.updated(tree));
    }

    @Override
    public Map<String, @Nullable Object> encode(Certificate certificate) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", certificate.id().toString());
        tree.put("created_at", Fields.time(certificate.createdAt()));
        tree.put("updated_at", Fields.time(certificate.updatedAt()));
        tree.put("cert", certificate.cert());
        tree.put("key", certificate.key());
        tree.put("cert_alt", certificate.certAlt());
        tree.put("key_alt", certificate.keyAlt());
        tree.put("tags", Fields.encoded(certificate.tags()));
        return tree;
    }

    /** Server names between tree and record. */
    static final class Snis implements Codec<Sni> {

        static final Schema SCHEMA = Schema.of(
                Fields.id(),
                Field.string("name", TextRules.wildcardHost(), Fields.UNIQUE).mandatory(),
                Fields.createdAt(),
                Fields.updatedAt(),
                Fields.tags(),
                Fields.foreign("certificate", "certificates").mandatory());

        @Override
        public Sni decode(Settings tree) {
            return new Sni(
                    Fields.uuid(tree),
                    tree.string("name"),
                    Fields.requiredReference(tree, "certificate"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree),
                    Fields.updated(tree));
        }

        @Override
        public Map<String, @Nullable Object> encode(Sni sni) {
            Map<String, @Nullable Object> tree = Fields.tree();
            tree.put("id", sni.id().toString());
            tree.put("name", sni.name());
            tree.put("created_at", Fields.time(sni.createdAt()));
            tree.put("updated_at", Fields.time(sni.updatedAt()));
            tree.put("tags", Fields.encoded(sni.tags()));
            tree.put("certificate", Fields.encoded(sni.certificate()));
            return tree;
        }
    }

    /** Trusted authorities between tree and record. */
    static final class Authorities implements Codec<CaCertificate> {

        static final Schema SCHEMA = Schema.of(
                Fields.id(),
                Fields.createdAt(),
                Fields.updatedAt(),
                Field.string("cert").mandatory(),
                Field.string("cert_digest", Fields.UNIQUE),
                Fields.tags());

        @Override
        public CaCertificate decode(Settings tree) {
            return new CaCertificate(
                    Fields.uuid(tree),
                    tree.string("cert"),
                    tree.optionalString("cert_digest").orElse(""),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree),
                    Fields.updated(tree));
        }

        @Override
        public Map<String, @Nullable Object> encode(CaCertificate authority) {
            Map<String, @Nullable Object> tree = Fields.tree();
            tree.put("id", authority.id().toString());
            tree.put("created_at", Fields.time(authority.createdAt()));
            tree.put("updated_at", Fields.time(authority.updatedAt()));
            tree.put("cert", authority.cert());
            tree.put("cert_digest", authority.certDigest().isEmpty() ? null : authority.certDigest());
            tree.put("tags", Fields.encoded(authority.tags()));
            return tree;
        }
    }
}
