// Logs in as a browser would, form by form, and prints what the provider gave: authorization code with PKCE for a person,
// client credentials for a machine. It looks into no token.
//   node login.mjs ISSUER person|machine
import { createHash, randomBytes } from 'node:crypto';

const [issuer, who] = process.argv.slice(2);
const redirect = `${issuer}/callback`;
const jar = new Map();

// One request without following; cookies are kept whatever their path, for there is one session only.
async function ask(url, form) {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(url, { method: form ? 'POST' : 'GET', body: form && new URLSearchParams(form), redirect: 'manual', headers: { cookie } });
  for (const line of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (value === '') jar.delete(name); else jar.set(name, value);
  }
  return answer;
}

async function token(form, headers = {}) {
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form), headers });
  return { status: answer.status, ...(await answer.json()) };
}

function expect(holds, what) {
  if (!holds) throw new Error(`expected ${what}`);
}

// Follows redirects and fills the provider's forms until it sends the browser back to the client.
async function code(challenge, state) {
  let url = `${issuer}/auth?` + new URLSearchParams({
    client_id: 'yewu-web', response_type: 'code', scope: 'openid api', redirect_uri: redirect, resource: 'urn:yewu:api',
    code_challenge: challenge, code_challenge_method: 'S256', state,
  });
  const seen = [];
  for (let step = 0; step < 20; step += 1) {
    const answer = await ask(url);
    let next = answer.headers.get('location');
    if (!next) {
      const page = await answer.text();
      expect(answer.status === 200, `a form, not ${answer.status}: ${page}`);
      const [, action] = /action="([^"]+)"/.exec(page);
      const [, prompt] = /name="prompt" value="([^"]+)"/.exec(page);
      seen.push(prompt);
      const posted = await ask(new URL(action, url), prompt === 'login' ? { prompt, login: 'anna', password: 'x' } : { prompt });
      next = posted.headers.get('location');
    }
    url = new URL(next, url).href;
    if (url.startsWith(redirect)) {
      const given = new URL(url).searchParams;
      expect(given.get('state') === state && given.get('iss') === issuer, `our state and issuer in ${url}`);
      expect(seen.join() === 'login,consent', `a login and a consent, not ${seen}`);
      return given.get('code');
    }
  }
  throw new Error('twenty steps and no code');
}

async function person() {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const form = { grant_type: 'authorization_code', client_id: 'yewu-web', redirect_uri: redirect, resource: 'urn:yewu:api' };
  const stolen = await token({ ...form, code: await code(challenge, 'one'), code_verifier: randomBytes(32).toString('base64url') });
  expect(stolen.status === 400 && stolen.error === 'invalid_grant', `a stolen code to be refused: ${JSON.stringify(stolen)}`);
  jar.clear();
  return token({ ...form, code: await code(challenge, 'two'), code_verifier: verifier });
}

function machine() {
  const basic = Buffer.from(`yewu-machine:${process.env.MACHINE_SECRET}`).toString('base64');
  return token({ grant_type: 'client_credentials', scope: 'api', resource: 'urn:yewu:api' }, { authorization: `Basic ${basic}` });
}

const given = await (who === 'person' ? person() : machine());
expect(given.status === 200 && given.access_token, `a token: ${JSON.stringify(given)}`);
console.log(JSON.stringify({ access: given.access_token, id: given.id_token ?? null }));
