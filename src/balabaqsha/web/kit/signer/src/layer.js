// Signs through NCALayer, the program of the national authority on the signer's own computer.
import { NCALayerClient } from "ncalayer-js-client";
import { Problem } from "./problem.js";

const ADDRESS = "wss://127.0.0.1:13579";
const CONNECT_MS = 5000;

const PURPOSES = { sign: "1.3.6.1.5.5.7.3.4", auth: "1.3.6.1.5.5.7.3.2" };
const HOLDERS = { person: "1.2.398.3.3.4.1.1", organisation: "1.2.398.3.3.4.1.2" };

class Client extends NCALayerClient {
  constructor() {
    super(ADDRESS, false);
    // The client probes a second local program even when told not to use it. An address that cannot be parsed
    // makes that probe fail before any request is sent.
    this.kmdHttpApiUrl = "https://";
  }

  // The program sends keep-alives while the signer types a password; the client would take one for the answer.
  setHandlers(...handlers) {
    super.setHandlers(...handlers);
    const socket = this.wsConnection;
    let inner = socket.onmessage;
    const guard = (message) => {
      if (message.data !== "--heartbeat--" && message.data !== "{}") inner(message);
    };
    socket.onmessage = guard;
    // connect() sets its own handler right after this call: it must stand behind the same guard.
    queueMicrotask(() => {
      if (socket.onmessage !== guard) {
        inner = socket.onmessage;
        socket.onmessage = guard;
      }
    });
  }
}

function within(milliseconds, promise, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Problem("not-found")), milliseconds);
    signal.addEventListener("abort", () => reject(new Problem("cancelled")), { once: true });
    promise.then(resolve, () => reject(new Problem("not-found"))).finally(() => clearTimeout(timer));
  });
}

function untilCancelled(promise, signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Problem("cancelled")), { once: true });
    promise.then(resolve, (error) => reject(new Problem(error.canceledByUser ? "cancelled" : "failed")));
  });
}

function signerParameters(purpose, holder, iin) {
  // Whoever signs in may do so with a key of their own or of their organisation: the purpose alone is asked for.
  const oids = purpose === "auth" ? [PURPOSES.auth] : [PURPOSES.sign, HOLDERS[holder] ?? HOLDERS.person];
  const parameters = { extKeyUsageOids: oids };
  // With the IIN the program offers only this person's keys.
  if (iin) parameters.iin = iin;
  return parameters;
}

// Browsers that guard local programs remember a refusal: then nothing but the settings of the browser helps.
async function forbiddenByBrowser() {
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      const permission = await navigator.permissions.query({ name });
      if (permission.state === "denied") return true;
    } catch {
      // This browser has no such permission.
    }
  }
  return false;
}

// The CMS as base64. Problems: not-found, forbidden, cancelled, failed.
// `purpose` is "sign" or "auth"; `stamped` asks the national authority for a time stamp; `authorities: "any"` lets keys of a demonstration authority be chosen.
export async function signThroughLayer(content, { purpose, holder, iin, locale, authorities, stamped, signal, onConnected }) {
  const client = new Client();
  const signer = signerParameters(purpose, holder, iin);
  if (authorities === "any") signer.chain = [];
  try {
    try {
      await within(CONNECT_MS, client.connect(), signal);
    } catch (problem) {
      if (problem.name === "not-found" && (await forbiddenByBrowser())) throw new Problem("forbidden");
      throw problem;
    }
    onConnected();
    const form = stamped ? NCALayerClient.basicsCMSParamsDetached : NCALayerClient.basicsCMSParamsDetachedNoTSP;
    const signing = client.basicsSignCMS(NCALayerClient.basicsStorageAll, content.buffer, form, signer, locale);
    return await untilCancelled(signing, signal);
  } finally {
    client.wsConnection?.close();
  }
}
