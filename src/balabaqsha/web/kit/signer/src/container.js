// Opens a PKCS #12 container. node-forge only decrypts it; certificate and key are handed on as the raw DER that was inside.
import forge from "node-forge/lib/forge.js";
import "node-forge/lib/pkcs12.js";
import { Problem } from "./problem.js";

// Without these two forge keeps the ASN.1 of what it cannot read, which is all that is wanted here:
// it spoils Cyrillic names when it writes a certificate anew, and knows no GOST keys.
const leaveRaw = () => {
  throw new Error("left raw");
};
forge.pki.certificateFromAsn1 = leaveRaw;
forge.pki.privateKeyFromAsn1 = leaveRaw;

// RFC 8018: a PBES2 password is UTF-8; forge would pass UTF-16 code units cut to bytes.
const cipherForPbes2 = forge.pki.pbe.getCipherForPBES2;
forge.pki.pbe.getCipherForPBES2 = (algorithm, parameters, password) =>
  cipherForPbes2(algorithm, parameters, forge.util.encodeUtf8(password));

const toBinary = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const toBytes = (binary) => Uint8Array.from(binary, (character) => character.charCodeAt(0));
const raw = (asn1) => toBytes(forge.asn1.toDer(asn1).getBytes());

function parse(bytes) {
  try {
    // Files of the national authority are BER with indefinite lengths.
    return forge.asn1.fromDer(toBinary(bytes), { strict: false, parseAllBytes: false });
  } catch {
    throw new Problem("file-unreadable");
  }
}

function decrypt(asn1, password) {
  try {
    return forge.pkcs12.pkcs12FromAsn1(asn1, false, password);
  } catch (error) {
    const message = String(error?.message ?? error);
    // A wrong password shows as a MAC that does not fit, or as a bag that does not decrypt.
    throw new Problem(/MAC|password|decrypt/i.test(message) ? "wrong-password" : "file-unreadable");
  }
}

// The key and its certificate as DER. Problems: file-unreadable, wrong-password.
export function openContainer(bytes, password) {
  const container = decrypt(parse(bytes), password);
  const bags = (bagType) => container.getBags({ bagType })[bagType] ?? [];
  const { oids } = forge.pki;
  const keyBag = bags(oids.pkcs8ShroudedKeyBag)[0] ?? bags(oids.keyBag)[0];
  const certificates = bags(oids.certBag);
  if (!keyBag?.asn1 || certificates.length === 0) throw new Problem("file-unreadable");

  const keyId = keyBag.attributes?.localKeyId?.[0];
  const own = keyId && certificates.find((bag) => bag.attributes?.localKeyId?.[0] === keyId);
  return { key: raw(keyBag.asn1), certificate: raw((own ?? certificates[0]).asn1) };
}
