package io.sluice.state.model.kind;

import io.sluice.state.model.Key;
import io.sluice.state.model.KeySet;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cryptographic keys and sets of them. What is in the JWK or PEM is checked elsewhere. */
final class KeySchema implements Codec<Key> {

    static final Schema SCHEMA = Schema.of(
                    Fields.id(),
                    Fields.foreign("set", "key_sets"),
                    Field.string("name", Fields.UNIQUE),
                    Field.string("kid").mandatory(),
                    Field.string("jwk").asReferenceable().asSecret(),
                    Field.of(
                            "pem",
                            Type.record(Schema.of(
                                            Field.string("private_key")
                                                    .asReferenceable()
                                                    .asSecret(),
                                            Field.string("public_key").asReferenceable())
                                    .with(Checks.atLeastOneOf("private_key", "public_key")))),
                    Fields.tags(),
                    Fields.createdAt(),
                    Fields.updatedAt())
            .with(Checks.mutuallyExclusive("jwk", "pem"))
            .with(Checks.atLeastOneOf("jwk", "pem"));

    @Override
    public Key decode(Settings tree) {
        Settings pem = tree.record("pem");
        return new Key(
                Fields.uuid(tree),
                Fields.reference(tree, "set"),
                Fields.text(tree, "name"),
                tree.string("kid"),
                Fields.text(tree, "jwk"),
                Fields.text(pem, "public_key"),
                Fields.text(pem, "private_key"),
                Fields.strings(tree, "tags"),
                Fields.created(tree),
                Fields.updated(tree));
    }

    @Override
    public Map<String, @Nullable Object> encode(Key key) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", key.id().toString());
        tree.put("set", Fields.encoded(key.set()));
        tree.put("name", key.name());
        tree.put("kid", key.kid());
        tree.put("jwk", key.jwk());
        tree.put("pem", pem(key));
        tree.put("tags", Fields.encoded(key.tags()));
        tree.put("created_at", Fields.time(key.createdAt()));
        tree.put("updated_at", Fields.time(key.updatedAt()));
        return tree;
    }

    private static @Nullable Object pem(Key key) {
        if (key.privateKey() == null && key.publicKey() == null) {
            return null;
        }
        Map<String, @Nullable Object> pem = Fields.tree();
        pem.put("private_key", key.privateKey());
        pem.put("public_key", key.publicKey());
        return pem;
    }

    /** Sets between tree and record. */
    static final class Sets implements Codec<KeySet> {

        static final Schema SCHEMA = Schema.of(
                Fields.id(),
                Field.string("name", Fields.UNIQUE),
                Fields.tags(),
                Fields.createdAt(),
                Fields.updatedAt());

        @Override
        public KeySet decode(Settings tree) {
            return new KeySet(
                    Fields.uuid(tree),
                    Fields.text(tree, "name"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree),
                    Fields.updated(tree));
        }

        @Override
        public Map<String, @Nullable Object> encode(KeySet set) {
            Map<String, @Nullable Object> tree = Fields.tree();
            tree.put("id", set.id().toString());
            tree.put("name", set.name());
            tree.put("tags", Fields.encoded(set.tags()));
            tree.put("created_at", Fields.time(set.createdAt()));
            tree.put("updated_at", Fields.time(set.updatedAt()));
            return tree;
        }
    }
}
