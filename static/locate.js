// "Pakai lokasi saya": loaded, and the phone asked, only when it is pressed; words stay enough.
(function () {
  var button = document.getElementById("locate"), words = document.getElementById("located");
  if (!button || !navigator.geolocation) return missed();
  function put(name, value) { document.getElementById(name).value = value; }
  function found(at) {
    put("latitude", at.coords.latitude.toFixed(6));
    put("longitude", at.coords.longitude.toFixed(6));
    put("accuracy", Math.round(at.coords.accuracy));
    words.textContent = "Lokasi ditemukan, akurasi " + Math.round(at.coords.accuracy) + " meter";
    button.textContent = "Hapus lokasi";
  }
  function missed() {
    words.textContent = "Lokasi tidak ditemukan. Tulis patokannya saja.";
  }
  function forget() {
    put("latitude", ""); put("longitude", ""); put("accuracy", "");
    words.textContent = "";
    button.textContent = "Pakai lokasi saya";
  }
  button.onclick = function () {
    if (document.getElementById("latitude").value) return forget();
    words.textContent = "Mencari lokasi…";
    navigator.geolocation.getCurrentPosition(found, missed, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  };
  button.click();
})();
