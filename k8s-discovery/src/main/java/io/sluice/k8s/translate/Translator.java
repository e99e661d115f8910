package io.sluice.k8s.translate;

import io.sluice.k8s.api.ClusterObjects;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.Ingress;
import io.sluice.k8s.translate.consumer.ConsumerTranslator;
import io.sluice.k8s.translate.custom.CustomEntityTranslator;
import io.sluice.k8s.translate.custom.VaultTranslator;
import io.sluice.k8s.translate.draft.Blueprint;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Copies;
import io.sluice.k8s.translate.draft.EntityRules;
import io.sluice.k8s.translate.draft.Findings;
import io.sluice.k8s.translate.draft.TranslationSettings;
import io.sluice.k8s.translate.ingress.AuthorityTranslator;
import io.sluice.k8s.translate.ingress.CertificateTranslator;
import io.sluice.k8s.translate.ingress.ClassParameters;
import io.sluice.k8s.translate.ingress.IngressTranslator;
import io.sluice.k8s.translate.ingress.RouteRules;
import io.sluice.k8s.translate.plugin.PluginTranslator;
import io.sluice.k8s.translate.plugin.RewriteTranslator;
import io.sluice.k8s.translate.service.ServiceTls;
import io.sluice.k8s.translate.service.ServiceTranslator;
import java.util.List;
import java.util.Set;

/**
 * Turns all objects into a configuration at once. Whatever is wrong with an object concerns that object and what it makes, never
 * the others: what comes out is always a configuration that the gateway takes. Thread-safe; costs processor time in proportion
 * to the objects.
 */
public final class Translator {

    private final TranslationSettings settings;
    private final EntityRules rules;

    /** @param rules what the gateway says about single entities */
    public Translator(TranslationSettings settings, EntityRules rules) {
        this.settings = settings;
        this.rules = rules;
    }

    /** Translates; the order of the steps is that of what they need from each other. */
    public Translation translate(ClusterObjects objects) {
        Findings findings = new Findings();
        Context context = new Context(objects, settings, rules, findings, new Blueprint(), new Copies());
        objects.unreadable().forEach(one -> unreadable(one, findings));

        ClassParameters parameters = ClassParameters.of(context);
        List<Ingress> ingresses = new IngressTranslator(context, parameters).translate();
        new RouteRules(context).apply();

        CertificateTranslator certificates = new CertificateTranslator(context);
        certificates.ingresses(ingresses);
        Set<String> authorities = new AuthorityTranslator(context).translate();
        new ServiceTranslator(context, parameters, new ServiceTls(context, certificates, authorities)).translate();
        certificates.finish();

        new ConsumerTranslator(context).translate();
        new VaultTranslator(context).translate();
        new RewriteTranslator(context).translate();
        PluginTranslator plugins = new PluginTranslator(context);
        plugins.translate();
        new CustomEntityTranslator(context, plugins).translate();
        return new Translation(DocumentWriter.write(context.blueprint()), findings.problems(), findings.programmed());
    }

    private static void unreadable(Decoded object, Findings findings) {
        object.problems()
                .forEach(problem -> findings.refuse(object.metadata().ref(), problem.field(), problem.reason()));
    }
}
