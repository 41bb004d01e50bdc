// The map of published reports. Every word of theirs goes in as text, never as markup.
(function () {
  "use strict";
  var box = document.getElementById("map");
  var words = document.getElementById("map-words");
  if (!box || !window.L || !window.fetch) return;

  var CITY = [-0.49, 117.15], NAMES_FROM = 12;
  var start = box.dataset.start ? box.dataset.start.split(",").map(Number) : null;
  box.hidden = false;
  var map = L.map(box, { maxZoom: 18, minZoom: 9, zoomSnap: 0.5, attributionControl: false, zoomControl: false });
  map.setView(start || CITY, start ? 16 : 12);
  L.control.zoom({ zoomInTitle: "Perbesar", zoomOutTitle: "Perkecil" }).addTo(map);
  var names = map.createPane("names"); // under the reports
  names.style.zIndex = 450;
  map.on("zoomend", showNames);
  showNames();
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { maxZoom: 18 }).addTo(map);
    // As text: the setting is no place for markup either.
    var thanks = document.createElement("p");
    thanks.className = "hint";
    thanks.textContent = box.dataset.attribution;
    box.parentNode.insertBefore(thanks, box.nextSibling);
  }
  if (box.dataset.outlines) {
    fetch(box.dataset.outlines).then(json).then(function (areas) {
      var drawn = L.geoJSON(areas, { interactive: false, style: { className: "outline", weight: 1.5 } });
      drawn.addTo(map);
      areas.features.forEach(name);
      if (!start) map.fitBounds(drawn.getBounds());
    }, offline);
  }
  if (start) L.circleMarker(start, { radius: 22, className: "chosen", interactive: false }).addTo(map);

  var spots = L.layerGroup().addTo(map);
  var asked = 0;
  map.on("moveend", load);
  load();

  function load() {
    var edges = map.getBounds();
    var number = ++asked;
    var address = box.dataset.points + (box.dataset.points.indexOf("?") < 0 ? "?" : "&") +
      "zum=" + Math.round(map.getZoom()) + "&kotak=" +
      [edges.getWest(), edges.getSouth(), edges.getEast(), edges.getNorth()].join(",");
    fetch(address).then(json).then(function (found) {
      if (number !== asked) return; // somebody moved on
      var open; // stays: to move the map is no reason to take away what somebody reads
      spots.eachLayer(function (one) {
        if (one.isPopupOpen()) open = one;
        else spots.removeLayer(one);
      });
      var total = 0;
      found.features.forEach(function (one) {
        total += one.properties.count;
        if (!open || open.address !== one.properties.address) spots.addLayer(marker(one));
      });
      words.textContent = total ? total + " laporan di bagian peta ini." : "Tidak ada laporan di bagian peta ini.";
    }, offline);
  }

  function marker(one) {
    var where = [one.geometry.coordinates[1], one.geometry.coordinates[0]];
    var facts = one.properties;
    var many = facts.count > 1;
    var size = many ? 36 + 8 * Math.min(Math.log(facts.count) / Math.LN10, 3) : 28;
    var label = many ? facts.count + " laporan, perbesar" : facts.title;
    var face = document.createElement("span");
    if (many) face.textContent = facts.count;
    var icon = L.divIcon({
      html: face,
      className: "spot" + (many ? " many" : facts.band ? " band-" + facts.band : " other"),
      iconSize: [size, size]
    });
    var made = L.marker(where, { icon: icon, title: label, alt: label, keyboard: true });
    if (many) {
      made.on("click keypress", function () {
        map.setView(where, Math.min(map.getZoom() + 2, 18));
      });
    } else {
      made.address = facts.address;
      made.bindPopup(popup(facts), { closeButton: false }); // Esc or a press elsewhere closes it
    }
    made.on("add", function () { made.getElement().setAttribute("aria-label", label); });
    return made;
  }

  function popup(facts) {
    var inside = document.createElement("div");
    var link = document.createElement("a");
    link.href = facts.address;
    link.textContent = facts.title;
    var state = document.createElement("p");
    state.textContent = facts.words;
    inside.appendChild(link);
    inside.appendChild(state);
    return inside;
  }

  function showNames() {
    names.hidden = map.getZoom() < NAMES_FROM;
  }

  function name(area) {
    var line = L.polyline(area.geometry.coordinates[0].map(function (at) { return [at[1], at[0]]; }));
    var label = document.createElement("span");
    label.textContent = area.properties.name;
    L.marker(line.getBounds().getCenter(), {
      interactive: false, keyboard: false, pane: "names",
      icon: L.divIcon({ html: label, className: "area-name", iconSize: [120, 20] })
    }).addTo(map);
  }

  function json(answer) {
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  function offline() {
    words.textContent = "Peta belum dapat dimuat. Coba lagi saat sinyal kembali, atau buka daftar di bawah.";
  }
})();
