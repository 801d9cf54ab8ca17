/* The page of a QR code: looks every two seconds whether the telephone has done its part. Without this file one reloads it. */
(() => {
  const send = document.querySelector("[data-phone-send]");
  if (send) { send.requestSubmit(); return; }
  const page = document.querySelector("[data-phone]");
  if (!page || !["WAITING", "OPENED"].includes(page.dataset.phone)) return;
  const look = async () => {
    try {
      const answer = await fetch(page.dataset.phoneState, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok && (await answer.json()).standing !== page.dataset.phone) { location.reload(); return; }
    } catch {
      /* The line is down for a moment: the next look finds it. */
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
})();
