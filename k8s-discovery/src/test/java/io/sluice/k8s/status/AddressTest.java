package io.sluice.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource({
        "'{type: LoadBalancer, clusterIPs: [10.0.0.1]}', '{loadBalancer: {ingress: [{ip: 1.2.3.4}, {hostname: a.example}]}}', '1.2.3.4 a.example'",
        "'{type: LoadBalancer, clusterIPs: [10.0.0.1]}', '{loadBalancer: {}}', ''",
        "'{type: LoadBalancer, clusterIPs: [10.0.0.1]}', '{}', ''",
        "'{type: LoadBalancer, externalIPs: [5.6.7.8]}', '{}', '5.6.7.8'",
        "'{type: NodePort, clusterIPs: [10.0.0.1]}', '{}', '10.0.0.1'",
        "'{type: NodePort, clusterIPs: [10.0.0.1], externalIPs: [5.6.7.8]}', '{}', '5.6.7.8'",
        "'{type: ClusterIP, clusterIPs: [10.0.0.1, fd00::1]}', '{}', '10.0.0.1 fd00::1'",
        "'{clusterIPs: [None]}', '{}', ''",
        "'{}', '{}', ''"
    })
    void aServicesAddressesAreThoseThatClientsReach(String spec, String status, String expected) {
        Service service = Serialization.unmarshal("spec: " + spec + "\nstatus: " + status, Service.class);

        assertThat(String.join(
                        " ", Address.of(service).stream().map(Address::text).toList()))
                .isEqualTo(expected);
    }

    @Test
    void namesAndAddressesAreToldApart() {
        assertThat(Address.of("10.0.0.1").tree()).hasToString("{ip=10.0.0.1}");
        assertThat(Address.of("fd00::1").tree()).hasToString("{ip=fd00::1}");
        assertThat(Address.of("lb.example").tree()).hasToString("{hostname=lb.example}");
    }
}
