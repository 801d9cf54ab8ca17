// Signs with a key file. The file is opened here, the key goes to WebCrypto as non-extractable, and only the CMS comes out.
// This module is fetched when the family chooses the key file, not before.
import { signDetached } from "./cms.js";
import { openContainer } from "./container.js";
import { Problem } from "./problem.js";

const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

async function importKey(pkcs8) {
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, false, ["sign"]);
  } catch {
    // WebCrypto knows no GOST keys: those sign through NCALayer.
    throw new Problem("wrong-key");
  } finally {
    pkcs8.fill(0);
  }
}

// The CMS as bytes. Problems: insecure, file-unreadable, wrong-password, wrong-key.
export async function signWithFile(file, password, content, moment) {
  if (!globalThis.crypto?.subtle) throw new Problem("insecure");
  const { key, certificate } = openContainer(new Uint8Array(await file.arrayBuffer()), password);
  return signDetached(content, { key: await importKey(key), certificate, moment });
}
