// A real OpenID provider (panva's oidc-provider) on the loopback: one person who logs in, one machine, access tokens for Yewu.
// Its keys are those of the file that it is given, so that a start with another file is a rotation. No provider for anybody
// else: every name logs in with every password.
//   node provider.mjs PORT KEYS.json
import { readFileSync } from 'node:fs';
import { Provider } from 'oidc-provider';

const [port, keys] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const people = { anna: { roles: ['sales_rep'], department: 'sales', team: 'sales', name: '王安娜' } };
const machines = { 'yewu-machine': { roles: ['integration'] } };

const provider = new Provider(issuer, {
  jwks: JSON.parse(readFileSync(keys, 'utf8')),
  clients: [
    {
      client_id: 'yewu-web', token_endpoint_auth_method: 'none', redirect_uris: [`${issuer}/callback`],
      grant_types: ['authorization_code'], response_types: ['code'], id_token_signed_response_alg: 'ES256',
    },
    {
      client_id: 'yewu-machine', client_secret: process.env.MACHINE_SECRET, redirect_uris: [],
      grant_types: ['client_credentials'], response_types: [], id_token_signed_response_alg: 'ES256',
    },
  ],
  cookies: { keys: [process.env.MACHINE_SECRET] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (_, token) => people[token.accountId] ?? machines[token.clientId],
  pkce: { required: () => true },
  features: {
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:yewu:api',
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'api', audience: 'yewu', accessTokenTTL: 900, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
    },
  },
});
provider.listen(port, '127.0.0.1', () => console.log(`provider at ${issuer}`));
