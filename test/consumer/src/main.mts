// As a module: named imports must be found in the CommonJS that the packages are.
import { Port } from 'cdk8s-netpol';
import { Cidr } from 'cdk8s-netpol/policy';
import { synthesizeShop } from './shop.js';

if (typeof Port.tcp !== 'function' || typeof Cidr.parse !== 'function') {
  throw new Error('cdk8s-netpol lost its named exports when imported by a module');
}
console.log(synthesizeShop());
