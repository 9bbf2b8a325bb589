// The official library of Standard Webhooks, from npm, as a receiver uses it.
// node standard_webhooks.mjs DIRECTORY, where DIRECTORY has standardwebhooks below node_modules. Reads {secret, headers, body} from its
// input, and prints what the library says: {"taken": …} with the webhook, or {"refused": …} with the reason.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { Webhook } = createRequire(`${process.argv[2]}/`)("standardwebhooks");
const { secret, headers, body } = JSON.parse(await text(process.stdin));
try {
    console.log(JSON.stringify({ taken: new Webhook(secret).verify(body, headers) }));
} catch (error) {
    console.log(JSON.stringify({ refused: error.message }));
}
