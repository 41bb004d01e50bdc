// The officers' desk by keyboard, and where the focus goes after htmx swapped a part.
// The pages work without it. What it expects of them:
//   .list .row[data-number]   a report in the list: its link, its checkbox; .current is the open one
//   #pane [data-number]       the open report (on its outermost element)
//   [data-key="v"]            pressed by that key; a field is focused, a <summary> opened. Two keys: "g k"
//   [data-pick]               a link that, with us, picks every row of the page
//   [name=everything]         in the form of the list: what is on other pages is picked too
//   .deed[open]               the form that a GET into the pane asked for; its first question is focused
//   [data-dialog="id"]        opens that <dialog>
//   Lapor-Ahead               in a deed's request: which report is here already; in its answer: show that one
(() => {
  const desk = document.querySelector('body.desk')
  if (!desk) return

  const find = (selector, root = document) => root.querySelector(selector)
  const all = selector => [...document.querySelectorAll(selector)]
  const pane = () => document.getElementById('pane')
  const shown = element => {
    const closed = element.closest('details:not([open])')
    return element.getClientRects().length > 0 && (!closed || element.parentElement === closed) && !element.disabled
  }
  const readingAside = () => Boolean(pane() && find('.list') && shown(pane()))

  // ---- rows ----
  const rows = () => all('.list .row')
  const linkOf = row => find('a', row)
  const boxOf = row => find('[type=checkbox]', row)
  const currentRow = () => document.activeElement.closest?.('.row') ?? find('.list .row.current')

  function mark(row) {
    all('.list .row.current').forEach(other => {
      other.classList.remove('current')
      linkOf(other).removeAttribute('aria-current')
    })
    row.classList.add('current')
    linkOf(row).setAttribute('aria-current', 'true')
  }

  function step(by) {
    const list = rows()
    const at = list.indexOf(currentRow())
    const row = list[at < 0 ? 0 : at + by]
    if (!row) return
    linkOf(row).focus()
    row.scrollIntoView({ block: 'nearest' })
    if (readingAside()) linkOf(row).click()
  }

  let lastPicked
  function pick(row, range) {
    if (!row || !boxOf(row)) return
    const list = rows()
    const [from, to] = [list.indexOf(range && lastPicked ? lastPicked : row), list.indexOf(row)].sort((a, b) => a - b)
    const checked = range ? true : !boxOf(row).checked
    list.slice(Math.max(from, 0), to + 1).forEach(one => { boxOf(one).checked = checked })
    lastPicked = row
    countPicked()
  }

  function countPicked() {
    const picked = all('.list .row :checked').length
    rows().forEach(row => row.classList.toggle('picked', Boolean(boxOf(row)?.checked)))
    // Whoever takes one out means those in sight.
    if (picked < rows().length) all('[name=everything]').forEach(one => one.remove())
    const many = find('[name=everything]')?.dataset.many ?? picked
    all('.bulk output').forEach(output => { output.textContent = `${many} dipilih` })
  }

  // ---- keys ----
  const typing = element =>
    element.matches('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit], [type=button])')

  function press(key) {
    const named = `[data-key="${CSS.escape(key)}"]`
    const places = [`#pane details[open] ${named}`, `#pane ${named}`, named]
    if (find('.list .row :checked')) places.unshift(`.bulk ${named}`)
    const target = places.flatMap(all).find(shown)
    if (!target) return false
    if (target.matches('textarea, select, input:not([type=radio], [type=checkbox])')) target.focus()
    else target.click()
    if (target.matches('summary')) find('input:not([type=hidden]), select, textarea, button:not([hidden])', target.parentElement)?.focus()
    return true
  }

  function escape() {
    const open = document.activeElement.closest?.('details[open]')
    if (open) {
      open.open = false
      find('summary', open).focus()
    } else {
      const row = find('.list .row.current') ?? rows()[0]
      if (row && shown(row)) linkOf(row).focus()
      else document.activeElement.blur()
    }
  }

  let wantsHeading = false
  function enter(target) {
    const row = target.closest('.row')
    if (!row || target !== linkOf(row) || !readingAside()) return false
    if (find('[data-number]', pane())?.dataset.number !== row.dataset.number) {
      wantsHeading = true // the link's own click loads the report
      return false
    }
    focusHeading()
    return true
  }

  const moves = {
    j: () => step(1), ArrowDown: () => step(1),
    k: () => step(-1), ArrowUp: () => step(-1),
    x: event => pick(currentRow(), event.shiftKey),
    '/': () => find('[type=search]')?.focus(),
    z: () => find('#undo-strip button')?.click(),
  }
  let prefix = ''

  document.addEventListener('keydown', event => {
    const { target, key } = event
    if (event.isComposing || find('dialog[open]')) return
    if ((event.ctrlKey || event.metaKey) && key === 'Enter' && target.form) {
      event.preventDefault()
      // The button that sends what was written, among others of the same form.
      const sends = find('.main[type=submit]', target.form) ?? find('button:not([type=button])', target.closest('.bulk details') ?? target.form)
      sends?.click()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (key === 'Escape') return escape()
    // A ";" begins no answer: into an empty one it brings the canned texts.
    const asksForCanned = key === ';' && target.dataset.key === 'b' && !target.value
    if ((typing(target) && !asksForCanned) || desk.dataset.shortcuts === 'off') return
    if (key.startsWith('Arrow') && (target.type === 'radio' || !target.closest('.row'))) return

    const name = key.length === 1 ? key.toLowerCase() : key
    const chord = prefix
    prefix = ''
    let done = true
    if (chord) done = press(`${chord} ${name}`)
    else if (name === 'g') prefix = 'g'
    else if (name === 'Enter') done = enter(target)
    else if (event.repeat && !/^(j|k|Arrow.*)$/.test(name)) done = true
    else if (moves[name]) moves[name](event)
    else done = key.length === 1 && key !== ' ' && press(name)
    if (done) event.preventDefault()
    if (prefix) setTimeout(() => { prefix = '' }, 1000)
  })

  document.addEventListener('click', event => {
    const opener = event.target.closest('[data-dialog]')
    if (event.target.closest('[data-pick]')) {
      event.preventDefault()
      rows().forEach(row => { boxOf(row).checked = true })
      countPicked()
    }
    const dialog = opener && document.getElementById(opener.dataset.dialog)
    if (dialog?.showModal) {
      event.preventDefault()
      dialog.showModal()
    }
  })

  document.addEventListener('change', event => {
    if (event.target.closest('.row')) countPicked()
  })

  // ---- the next report is here before its key ----
  // Asked for as "Purpose: prefetch", nobody has read it yet; once it is shown, the beat of live-list.js
  // says so. It is worth what its row's version says: a row that changed meanwhile is asked for anew.
  let ahead, soon
  function lookAhead() {
    clearTimeout(soon)
    soon = setTimeout(async () => {
      const list = rows()
      const row = list[list.indexOf(find('.list .row.current')) + 1]
      if (!row || !readingAside() || isAhead(row)) return
      const [address, version] = [linkOf(row).href, boxOf(row).value]
      const answer = await fetch(address, { headers: { 'HX-Request': 'true', Purpose: 'prefetch' } }).catch(() => 0)
      if (answer?.ok) ahead = { address, version, until: Date.now() + 60_000, page: await answer.text() }
    }, 100)
  }
  const isAhead = row => row && ahead?.address === linkOf(row).href && ahead.version === boxOf(row).value && Date.now() < ahead.until

  function showAhead() {
    history.replaceState({ htmx: true }, '')
    history.pushState({ htmx: true }, '', ahead.address)
    const target = pane()
    htmx.swap(target, ahead.page, { swapStyle: 'innerHTML' }, { eventInfo: { target, requestConfig: { verb: 'get' } } })
  }

  // A deed leads on to the next report: the server need not send what is here already.
  document.addEventListener('htmx:configRequest', event => {
    const { detail } = event
    const row = ahead && rows().find(isAhead)
    if (detail.verb === 'post' && isPane(detail.target) && row) {
      detail.headers['Lapor-Ahead'] = ahead.version
      detail.ahead = ahead
    }
  })
  document.addEventListener('htmx:beforeSwap', event => {
    const { detail } = event
    if (detail.xhr.getResponseHeader('Lapor-Ahead')) detail.serverResponse = detail.requestConfig.ahead.page + detail.serverResponse
    const undone = detail.requestConfig.path.match(/([^/]+)\/urungkan/)?.[1]
    if (undone && detail.xhr.status < 300 && !document.getElementById(`row-${undone}`)) makeRoom(undone)
  })

  // What its deed took out of the list stands there again, before the row that one went on to.
  function makeRoom(number) {
    const room = document.createElement('div')
    room.id = `row-${number}`
    const next = find('.list .row.current')
    if (next) next.before(room)
    else find('.list [hx-push-url]')?.prepend(room)
  }

  // ---- swaps ----
  function focusHeading() {
    const heading = find('h1', pane())
    if (!heading) return
    heading.tabIndex = -1
    heading.focus()
  }

  const isPane = element => element?.id === 'pane'
  const trouble = document.getElementById('trouble')
  const say = words => { if (trouble) trouble.textContent = words ?? '' }

  document.addEventListener('htmx:confirm', event => {
    // On a phone the pane is not beside the list: follow the link instead.
    const { elt, target } = event.detail
    if (isPane(target) && !shown(target) && elt.href) {
      event.preventDefault()
      location.assign(elt.href)
    }
  })

  document.addEventListener('htmx:beforeRequest', event => {
    const { elt, target } = event.detail
    const row = isPane(target) && elt.closest('.row')
    if (row) mark(row)
    if (row && isAhead(row)) {
      event.preventDefault()
      showAhead()
    } else target.setAttribute('aria-busy', 'true')
  })

  document.addEventListener('htmx:afterRequest', event => {
    event.detail.target.removeAttribute('aria-busy')
    if (event.detail.successful) say('')
  })

  for (const name of ['htmx:sendError', 'htmx:responseError', 'htmx:timeout']) {
    document.addEventListener(name, event => {
      const verb = event.detail.requestConfig?.verb
      const status = event.detail.xhr?.status
      // Signed out, or too long open: sent whole, it is handed back with all that was typed.
      if ([401, 403].includes(status) && event.detail.elt.matches('form')) return HTMLFormElement.prototype.submit.call(event.detail.elt)
      // To another office, mostly: what was typed stays where it is.
      say(trouble?.dataset[status === 404 ? 'gone' : verb === 'get' ? 'unread' : 'unsent'])
    })
  }

  document.addEventListener('htmx:afterSettle', event => {
    countPicked()
    const { target, requestConfig } = event.detail
    const part = target.isConnected ? target : document.getElementById(target.id)
    if (!part) return
    if (isPane(part)) lookAhead()
    const problem = find('.problem, .conflict', part)
    const lost = document.activeElement === document.body
    if (problem && requestConfig?.verb !== 'get') {
      problem.tabIndex = -1
      problem.focus()
    } else if (isPane(part) && requestConfig?.verb === 'get') {
      part.scrollTop = 0
      // A form that was asked for: one key sends it where all is filled in, else its first question is next.
      const next = find('.deed[open] [autofocus]', part) ?? find('.deed[open] :is(input:not([type=hidden]), select, textarea)', part)
      next?.focus()
      // Behind what stands there to begin with.
      if (next?.matches('textarea')) next.setSelectionRange(next.value.length, next.value.length)
      // Also where what had the focus went with the report before.
      if (wantsHeading || document.activeElement === document.body) focusHeading()
      wantsHeading = false
    } else if (isPane(part)) {
      const number = find('[data-number]', part)?.dataset.number
      const next = number && find(`.list .row[data-number="${CSS.escape(number)}"]`)
      part.scrollTop = 0
      if (next) mark(next)
      if (next && shown(next)) linkOf(next).focus()
      else focusHeading()
    } else if (lost) {
      if (!part.hasAttribute('tabindex')) part.tabIndex = -1
      part.focus()
    }
  })

  // ---- the undo strip lives ten seconds; a hand or the focus on it holds the clock ----
  const strip = document.getElementById('undo-strip')
  if (strip) {
    let clock
    const start = () => {
      clearTimeout(clock)
      const held = strip.matches(':hover') || strip.contains(document.activeElement)
      if (strip.textContent.trim() && !held) clock = setTimeout(() => strip.replaceChildren(), 10_000)
    }
    const hold = () => clearTimeout(clock)
    new MutationObserver(start).observe(strip, { childList: true, subtree: true })
    strip.addEventListener('mouseenter', hold)
    strip.addEventListener('focusin', hold)
    strip.addEventListener('mouseleave', start)
    strip.addEventListener('focusout', () => setTimeout(start))
    start()
  }

  countPicked()
})()
