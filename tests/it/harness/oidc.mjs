// A real identity provider on loopback, with the sign-in pages that it brings for trying it out.
// node oidc.mjs DIRECTORY REDIRECT_URI CLIENT SECRET, where DIRECTORY has oidc-provider below node_modules. Prints its port, and
// ends when its input does.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [directory, redirect, client, secret] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(`${directory}/node_modules/oidc-provider/lib/index.js`).href);

// Whoever types an address is its person; whoever types `unverified` before it has not shown that.
const account = (login) => ({
    accountId: login,
    claims: async () => ({
        sub: login,
        email: login.replace("unverified-", ""),
        email_verified: !login.startsWith("unverified-"),
    }),
});

const server = createServer();
server.listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    const provider = new Provider(`http://localhost:${port}`, {
        clients: [{ client_id: client, client_secret: secret, redirect_uris: [redirect] }],
        claims: { openid: ["sub"], email: ["email", "email_verified"] },
        conformIdTokenClaims: false,
        cookies: { keys: ["for this test only"] },
        findAccount: (_, login) => account(login),
        ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
    });
    server.on("request", provider.callback());
    console.log(port);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
