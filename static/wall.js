// A wall follows its meeting. ES5, for televisions; the page works without it (it loads itself anew).
(function () {
  var d = document, screen = d.getElementById('screen'), live = d.getElementById('live')
  function of(name) { return live.getAttribute('data-' + name) }
  var id = of('id'), zone = +of('zone'), now = +of('now'), heard = +new Date(), tried = heard, lost = 0, wait = 1, source
  if (!window.EventSource) return setTimeout(function () { location.reload() }, 3e4)

  function clock(s) { return new Date(s * 1e3).toISOString().slice(11, 19).replace(/:/g, '.') }

  function swap(html) {
    var old = {}, i, all = screen.querySelectorAll('[data-n]'), n
    for (i = 0; i < all.length; i++) old[all[i].getAttribute('data-n')] = all[i].textContent.trim()
    screen.innerHTML = html
    all = screen.querySelectorAll('[data-n]')
    for (i = 0; i < all.length; i++) {
      n = all[i].getAttribute('data-n')
      if (n in old && old[n] !== all[i].textContent.trim()) all[i].className += ' changed'
    }
  }

  function connect() {
    tried = +new Date()
    source = new EventSource(d.body.getAttribute('data-stream') + (/\?/.test(d.body.getAttribute('data-stream')) ? '&' : '?') + 'sejak=' + id)
    source.onmessage = function (e) { id = e.lastEventId; swap(e.data) }
    source.addEventListener('beat', function (e) {
      // After a long silence the page itself may be an old one.
      if (lost && new Date() - lost > 3e5) location.reload()
      heard = +new Date(); now = +e.data; wait = 1; lost = 0
    })
    source.addEventListener('end', function () { location.replace(d.body.getAttribute('data-again')) })
    source.onerror = again
  }

  function again() {
    source.close()
    lost = lost || +new Date()
    setTimeout(connect, wait * 1e3 * (0.7 + Math.random() * 0.6))
    tried = +new Date() + wait * 2e3
    wait = Math.min(wait * 2, 30)
  }

  setInterval(function () {
    var t = +new Date(), stale = t - heard > 18e3, run = d.getElementById('run'), s
    live.className = stale ? 'live stale' : 'live'
    live.textContent = of(stale ? 'stale' : 'live') + ' ' + clock(now + zone)
    if (run) {
      s = Math.max(0, now + (t - heard) / 1e3 - run.getAttribute('data-since'))
      run.textContent = clock(s).slice(s < 3600 ? 3 : 0) + ' berjalan'
    }
    // A line that died without a word.
    if (stale && t - tried > 3e4) again()
  }, 1e3)
  connect()
})()
