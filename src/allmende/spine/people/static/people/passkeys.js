// Shows what needs JavaScript, and says it where a key or passkey was not given. The ceremony itself is allauth's.
(function () {
  "use strict";
  document.querySelectorAll("[data-needs-script]").forEach(function (form) {
    if (window.PublicKeyCredential) form.hidden = false;
  });
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    const words = document.getElementById("passkey-words");
    const place = document.getElementById("passkey-problem");
    const cancelled = event.detail.exception && event.detail.exception.name === "NotAllowedError";
    if (words && place) place.textContent = cancelled ? words.dataset.cancelled : words.dataset.failed;
  });
})();
