import { synthesizeShop } from './shop.js';

console.log(synthesizeShop());
