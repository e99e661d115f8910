package io.sluice.state.model.kind;

import io.sluice.state.model.Credential;
import io.sluice.state.model.schema.Settings;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Credentials between tree and record.
 *
 * @param own puts the fields that only this kind has
 */
record CredentialCodec<C extends Credential>(
        Function<Settings, C> decoder, BiConsumer<C, Map<String, @Nullable Object>> own) implements Codec<C> {

    static final CredentialCodec<Credential.KeyAuth> KEY_AUTH = new CredentialCodec<>(
            tree -> new Credential.KeyAuth(
                    Fields.uuid(tree),
                    Fields.requiredReference(tree, "consumer"),
                    tree.string("key"),
                    Fields.number(tree, "ttl"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree)),
            (credential, tree) -> {
                tree.put("key", credential.key());
                tree.put("ttl", Fields.encoded(credential.ttl()));
            });

    static final CredentialCodec<Credential.BasicAuth> BASIC_AUTH = new CredentialCodec<>(
            tree -> new Credential.BasicAuth(
                    Fields.uuid(tree),
                    Fields.requiredReference(tree, "consumer"),
                    tree.string("username"),
                    tree.string("password"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree)),
            (credential, tree) -> {
                tree.put("username", credential.username());
                tree.put("password", credential.password());
            });

    static final CredentialCodec<Credential.HmacAuth> HMAC_AUTH = new CredentialCodec<>(
            tree -> new Credential.HmacAuth(
                    Fields.uuid(tree),
                    Fields.requiredReference(tree, "consumer"),
                    tree.string("username"),
                    tree.string("secret"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree)),
            (credential, tree) -> {
                tree.put("username", credential.username());
                tree.put("secret", credential.secret());
            });

    static final CredentialCodec<Credential.JwtSecret> JWT = new CredentialCodec<>(
            tree -> new Credential.JwtSecret(
                    Fields.uuid(tree),
                    Fields.requiredReference(tree, "consumer"),
                    tree.string("key"),
                    tree.string("secret"),
                    Fields.text(tree, "rsa_public_key"),
                    tree.string("algorithm"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree)),
            (credential, tree) -> {
                tree.put("key", credential.key());
                tree.put("secret", credential.secret());
                tree.put("rsa_public_key", credential.rsaPublicKey());
                tree.put("algorithm", credential.algorithm());
            });

    static final CredentialCodec<Credential.OAuth2> OAUTH2 = new CredentialCodec<>(
            tree -> new Credential.OAuth2(
                    Fields.uuid(tree),
                    Fields.requiredReference(tree, "consumer"),
                    tree.string("name"),
                    tree.string("client_id"),
                    tree.string("client_secret"),
                    tree.bool("hash_secret"),
                    Fields.strings(tree, "redirect_uris"),
                    tree.string("client_type"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree)),
            (credential, tree) -> {
                tree.put("name", credential.name());
                tree.put("client_id", credential.clientId());
                tree.put("client_secret", credential.clientSecret());
                tree.put("hash_secret", credential.hashSecret());
                tree.put("redirect_uris", Fields.encoded(credential.redirectUris()));
                tree.put("client_type", credential.clientType());
            });

    static final CredentialCodec<Credential.MtlsAuth> MTLS_AUTH = new CredentialCodec<>(
            tree -> new Credential.MtlsAuth(
                    Fields.uuid(tree),
                    Fields.requiredReference(tree, "consumer"),
                    tree.string("subject_name"),
                    Fields.reference(tree, "ca_certificate"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree)),
            (credential, tree) -> {
                tree.put("subject_name", credential.subjectName());
                tree.put("ca_certificate", Fields.encoded(credential.caCertificate()));
            });

    static final CredentialCodec<Credential.Acl> ACL = new CredentialCodec<>(
            tree -> new Credential.Acl(
                    Fields.uuid(tree),
                    Fields.requiredReference(tree, "consumer"),
                    tree.string("group"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree)),
            (credential, tree) -> tree.put("group", credential.group()));

    @Override
    public C decode(Settings tree) {
        return decoder.apply(tree);
    }

    @Override
    public Map<String, @Nullable Object> encode(C credential) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", credential.id().toString());
        tree.put("created_at", Fields.time(credential.createdAt()));
        tree.put("consumer", Fields.encoded(credential.consumer()));
        own.accept(credential, tree);
        tree.put("tags", Fields.encoded(credential.tags()));
        return tree;
    }
}
