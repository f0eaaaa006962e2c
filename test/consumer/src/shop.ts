import { App, Chart, Yaml } from 'cdk8s';
import { Port } from 'cdk8s-netpol';
import { Cidr } from 'cdk8s-netpol/policy';

/** The whole public API that this consumer needs: compiled by every tsconfig here, synthesized as CommonJS and as a module. */
export function synthesizeShop(): string {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const ports: Port[] = [Port.tcp(8080), Port.tcpRange(9000, 9010), Port.named('metrics')];
  const manifests: unknown[] = chart.toJson();
  return Yaml.stringify({
    manifests: manifests.length,
    ports: ports.map((port) => port.toString()),
    network: Cidr.parse('10.0.0.0/8').toString(),
  });
}
