// Detached CMS SignedData (RFC 5652) of one signer: RSA PKCS #1 v1.5 with SHA-256.
import { NULL, TAG, elementAt, octets, oid, sequence, setOf, smallInteger, time, tlv } from "./der.js";

const DATA = oid("1.2.840.113549.1.7.1");
const SIGNED_DATA = oid("1.2.840.113549.1.7.2");
const CONTENT_TYPE = oid("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST = oid("1.2.840.113549.1.9.4");
const SIGNING_TIME = oid("1.2.840.113549.1.9.5");
const SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), NULL);
const RSA = sequence(oid("1.2.840.113549.1.1.1"), NULL);

function signedAttributes(digest, moment) {
  return setOf([
    sequence(CONTENT_TYPE, setOf([DATA])),
    sequence(SIGNING_TIME, setOf([time(moment)])),
    sequence(MESSAGE_DIGEST, setOf([octets(digest)])),
  ]);
}

// TBSCertificate: [0] version, serialNumber, signature, issuer, …
function issuerAndSerial(certificate) {
  const body = elementAt(certificate, elementAt(certificate, 0).body).body;
  let serial = elementAt(certificate, body);
  if (serial.tag === TAG.CONTEXT_0) serial = elementAt(certificate, serial.end);
  const algorithm = elementAt(certificate, serial.end);
  const issuer = elementAt(certificate, algorithm.end);
  return sequence(certificate.slice(issuer.start, issuer.end), certificate.slice(serial.start, serial.end));
}

// `key` is a WebCrypto key for RSASSA-PKCS1-v1_5 with SHA-256; `certificate` its DER.
export async function signDetached(content, { key, certificate, moment }) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const attributes = signedAttributes(digest, moment);
  const signature = new Uint8Array(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, attributes));

  // Signed as a SET OF, carried as [0] IMPLICIT: only the tag differs (RFC 5652, 5.4).
  const carried = attributes.slice();
  carried[0] = TAG.CONTEXT_0;
  const signer = sequence(smallInteger(1), issuerAndSerial(certificate), SHA256, carried, RSA, octets(signature));
  const signedData = sequence(
    smallInteger(1),
    setOf([SHA256]),
    sequence(DATA),
    tlv(TAG.CONTEXT_0, certificate),
    setOf([signer]),
  );
  return sequence(SIGNED_DATA, tlv(TAG.CONTEXT_0, signedData));
}
