// An open list follows what others do; what is typed here is kept until it is sent. Beside inbox.js,
// and as that not needed. What it expects of the page:
//   #live [data-stream]       a strip that is empty while all is well, and its words
//   #views, .list .row        as inbox.js
//   #presence [data-beat]     who else has this report open; where to say that we have
//   body [data-until]         when one's session ends, in seconds
(() => {
  const live = document.getElementById('live')
  if (!live) return

  const find = (selector, root = document) => root.querySelector(selector)
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const words = live.dataset
  const token = () => find('[name=csrf_token]')?.value ?? ''

  // ---- the list ----
  // In place, part by part: a link that htmx waits at, or that has the focus, stays the same one.
  function refresh(row) {
    const old = document.getElementById(row.id)
    if (!old) return
    const [box, link] = [find('[type=checkbox]', old), find('a', old)]
    // A picked row keeps the version that was picked, so that a deed on many can say who was faster.
    if (!box.checked) box.value = find('[type=checkbox]', row).value
    if (link.textContent !== find('a', row).textContent) link.textContent = find('a', row).textContent
    for (const part of ['.due', '.sub']) {
      if (find(part, old).outerHTML !== find(part, row).outerHTML) find(part, old).replaceWith(find(part, row))
    }
    const pill = find('.pill', row)
    if (find('.pill', old)?.textContent !== pill?.textContent) {
      find('.pill', old)?.remove()
      if (pill) old.append(pill)
    }
    old.classList.toggle('unread', row.classList.contains('unread'))
  }

  function apply(markup) {
    const part = document.createElement('template')
    part.innerHTML = markup
    const views = document.getElementById('views')
    const counts = find('nav', part.content)
    if (views && !views.contains(document.activeElement) && views.innerHTML !== counts.innerHTML) views.innerHTML = counts.innerHTML
    const box = find('.list .row')?.parentElement
    const numbers = find('[data-numbers]', part.content).dataset.numbers.split(' ').filter(Boolean)
    const came = new Map(all('.row', part.content).map(row => [row.dataset.number, row]))
    const here = new Set(all('.list .row').map(row => row.dataset.number))
    came.forEach(row => refresh(row))
    // Somebody is at the report that is read, or did something with it: what, it asks at once.
    if (came.has(at)) beat()
    all('.list .row').forEach(row => row.classList.toggle('gone', !numbers.includes(row.dataset.number)))
    // What follows below the last row moves nothing; what stands between is only said.
    const last = numbers.findLastIndex(number => here.has(number))
    if (box) numbers.slice(last + 1).forEach(number => {
      const row = came.get(number)
      if (row) { box.append(row); htmx.process(row) }
    })
    say(find('.list-head'), numbers.slice(0, box ? last : undefined).filter(number => !here.has(number)).length)
  }

  function say(head, count) {
    find('.fresh')?.remove()
    if (!head || !count) return
    const note = document.createElement('a')
    note.className = 'fresh notice'
    note.href = words.list
    note.textContent = words.fresh.replace('0', count)
    head.after(note)
  }

  // ---- the stream ----
  let source, heard = Date.now(), clock = words.clock, over = false
  function connect() {
    source?.close()
    source = new EventSource(words.stream)
    source.onmessage = event => apply(event.data)
    source.addEventListener('beat', event => { heard = Date.now(); clock = event.data })
    source.addEventListener('end', () => { over = true; source.close() })
  }

  const until = Number(document.body.dataset.until) * 1000
  function tell() {
    const now = Date.now()
    let text = ''
    if (over || (until && now > until)) text = words.over
    else if (until && until - now < 120_000) text = words.ends
    else if (!document.hidden && now - heard > 18_000) text = words.cut.replace('{}', clock)
    if (source?.readyState === EventSource.CLOSED && !over && now - heard > 30_000) { heard = now - 20_000; connect() }
    const note = find('span', live)
    if (note.textContent !== text) note.textContent = text
    find('form', live).hidden = text !== words.ends
    live.hidden = !text
  }

  document.addEventListener('visibilitychange', () => {
    // Hidden tabs hold no connection: of HTTP/1.1 a browser opens six.
    if (document.hidden) source?.close()
    else if (!over) { heard = Date.now(); connect(); beat() }
  })

  // ---- who is at which report ----
  const pane = () => document.getElementById('pane')
  const typed = () => all('textarea', pane() ?? live).some(field => !field.readOnly && field.value !== field.defaultValue)
  let at, left, wrote = false, moved = Date.now(), next

  async function beat() {
    clearTimeout(next)
    const place = find('#presence')
    if (!place || document.hidden) return
    wrote = typed()
    const state = Date.now() - moved > 300_000 ? 'idle' : wrote ? 'writing' : 'viewing'
    const version = find('[name=version]', pane())?.value ?? ''
    const body = new URLSearchParams({ csrf_token: token(), state, version, left: left ?? '' })
    left = ''
    next = setTimeout(beat, 20_000)
    const answer = await fetch(place.dataset.beat, { method: 'POST', body, headers: { 'HX-Request': 'true' } }).catch(() => 0)
    if (!answer?.ok) return
    const part = document.createElement('template')
    part.innerHTML = await answer.text()
    const now = find('#presence')
    const fresh = find('#presence', part.content)
    if (!now || now.dataset.beat !== fresh.dataset.beat || now.innerHTML === fresh.innerHTML) return
    now.replaceWith(fresh)
    htmx.process(fresh)
  }

  function opened() {
    const number = find('[data-number]', pane() ?? live)?.dataset.number
    if (number === at) return restore()  // with a form that was asked for, beside what is half written
    left = at
    at = number
    restore()
    // Whoever only passes by leaves no trace.
    clearTimeout(next)
    next = setTimeout(beat, 1000)
  }

  for (const name of ['keydown', 'pointerdown']) document.addEventListener(name, () => { moved = Date.now() })
  addEventListener('pagehide', () => {
    const place = find('#presence')
    if (place) navigator.sendBeacon(place.dataset.beat, new URLSearchParams({ csrf_token: token(), state: 'left' }))
  })

  // ---- what is typed: until it is sent, in this tab alone ----
  const key = field => `${at} ${field.form?.dataset.deed} ${field.name}`
  function restore() {
    all('#pane form[data-deed] textarea').forEach(field => {
      const kept = sessionStorage.getItem(key(field))
      if (kept && !field.value) field.value = kept
    })
  }
  document.addEventListener('input', event => {
    const field = event.target
    if (!field.closest('#pane form[data-deed]')) return
    if (field.matches('textarea')) {
      if (field.value) sessionStorage.setItem(key(field), field.value)
      else sessionStorage.removeItem(key(field))
    }
    if (typed() !== wrote) beat()
  })
  // Before the swap, after which what is kept for the same report is put back.
  document.addEventListener('htmx:beforeSwap', event => {
    const { xhr, requestConfig } = event.detail
    const form = requestConfig.elt
    if (xhr.status < 300 && form.matches?.('form[data-deed]')) all('textarea', form).forEach(field => sessionStorage.removeItem(key(field)))
  })
  document.addEventListener('submit', event => {
    if (event.target.matches('[action="/keluar"]')) sessionStorage.clear()
  })

  document.addEventListener('htmx:afterSettle', opened)
  opened()
  if (words.stream && !document.hidden) connect()
  setInterval(tell, 1000)
})()
