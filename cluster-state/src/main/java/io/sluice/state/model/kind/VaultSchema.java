package io.sluice.state.model.kind;

import io.sluice.state.model.Vault;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.TextRules;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Vaults; the only backend is the environment. */
final class VaultSchema implements Codec<Vault> {

    static final Schema SCHEMA = Schema.of(
            Fields.id(),
            Field.string("prefix", Rules.notOneOf("env"), Rules.match("[a-z][a-z0-9-]*[a-z0-9]+"), Fields.UNIQUE)
                    .mandatory(),
            Field.string(
                            "name",
                            TextRules.rule(
                                    "backend",
                                    name -> name.equals("env") ? "" : "vault '" + name + "' is not installed"))
                    .mandatory(),
            Field.string("description"),
            Field.record("config", Schema.of(Field.string("prefix", Rules.match("[A-Za-z_-][A-Za-z0-9_-]*")))),
            Fields.createdAt(),
            Fields.updatedAt(),
            Fields.tags());

    @Override
    public Vault decode(Settings tree) {
        return new Vault(
                Fields.uuid(tree),
                tree.string("prefix"),
                tree.string("name"),
                Fields.text(tree, "description"),
                tree.record("config").values(),
                Fields.strings(tree, "tags"),
                Fields.created(tree),
                Fields.updated(tree));
    }

    @Override
    public Map<String, @Nullable Object> encode(Vault vault) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", vault.id().toString());
        tree.put("prefix", vault.prefix());
        tree.put("name", vault.name());
        tree.put("description", vault.description());
        tree.put("config", vault.config());
        tree.put("created_at", Fields.time(vault.createdAt()));
        tree.put("updated_at", Fields.time(vault.updatedAt()));
        tree.put("tags", Fields.encoded(vault.tags()));
        return tree;
    }
}
