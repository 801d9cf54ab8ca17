// Base64 of bytes, in slices: a call with a megabyte of arguments overflows the stack.
const SLICE = 8192;

export function toBase64(bytes) {
  let binary = "";
  for (let start = 0; start < bytes.length; start += SLICE) {
    binary += String.fromCharCode(...bytes.subarray(start, start + SLICE));
  }
  return btoa(binary);
}
