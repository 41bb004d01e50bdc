// What a phone adds to citizens' pages, which work without it. The words that it shows stand in their
// HTML (macros/phone.html). As a module it runs from Chrome 61 on; what is older passes it over.
const find = (selector, root = document) => root.querySelector(selector)
const clock = at => at.toTimeString().slice(0, 5).replace(':', '.')
let picker, pressed, busy, took

const ask = (method, url, headers, body) => new Promise((done, fail) => {
  const call = new XMLHttpRequest()
  call.open(method, url)
  for (const name in headers) call.setRequestHeader(name, headers[name])
  call.timeout = 3e4
  call.onload = () => (call.status < 500 ? done : fail)(call)
  call.onerror = call.ontimeout = () => fail(call)
  call.send(body)
})

// Again after 1, 2, 4, 8, 16, 30 seconds or so. A refusal in words is final.
const insist = async (work, patience) => {
  const end = Date.now() + patience
  for (let wait = 1e3; ; wait = Math.min(2 * wait, 3e4)) {
    try {
      return await work()
    } catch (failed) {
      if (failed.trim || Date.now() > end) throw failed
    }
    await new Promise(done => setTimeout(done, wait * (.75 + Math.random() / 2)))
  }
}

// ---- words: one small post, and the page that answers in place of this one ----

addEventListener('click', ({ target }) => pressed = target.closest('[type=submit]'))

addEventListener('submit', async event => {
  const form = event.target, news = find('.news', form), words = new URLSearchParams()
  if (!news) return
  event.preventDefault()
  if (busy) return
  busy = true
  const button = find('.button:not(.flat)', form), label = button.innerHTML
  const own = pressed && pressed.form == form ? pressed : button
  const url = own.hasAttribute('formaction') ? own.formAction : form.action
  new FormData(form).forEach((value, name) => value.trim && words.append(name, value))
  if (own.name) words.append(own.name, own.value)
  picker = find('[type=file]', form) || picker
  const say = text => {
    news.hidden = !text
    news.textContent = text
  }
  const start = Date.now(), timers = [
    setTimeout(() => {
      button.textContent = 'Mengirim…'
      button.setAttribute('aria-disabled', true)
    }, 4e3),
    setTimeout(say, 15e3, news.dataset.stalled)
  ]
  say('')
  try {
    if (!navigator.onLine) throw 0
    const answer = await insist(() => ask('POST', url, {}, words), 2e4)
    took = Date.now() - start
    show(answer, url)
  } catch (failed) {
    say(news.dataset[failed.status ? 'away' : 'offline'])
    button.innerHTML = label
    button.removeAttribute('aria-disabled')
  }
  timers.map(clearTimeout)
  busy = false
})

const show = ({ responseText, responseURL }, url) => {
  // Without its stylesheet, which is here already.
  const page = new DOMParser().parseFromString(responseText.replace(/<style[\s\S]+\/style>/, ''), 'text/html')
  if (!find('main', page)) throw 0 // somebody else answered
  const choice = find('[type=file]', page)
  if (choice && picker) choice.replaceWith(picker) // with the photos that were chosen
  if (find('[name=ubah]', page)) {
    history.replaceState(1, '')
    history.pushState(0, '')
  } else if (responseURL != url) history.replaceState(0, '', responseURL)
  document.title = page.title
  document.body.replaceWith(page.body)
  scrollTo(0, 0)
  const goal = find((url.match(/#.+/) || ['[autofocus]'])[0]) || find('h1')
  if (goal.matches('h1')) goal.tabIndex = -1
  goal.focus()
  greet()
}

// Back from the check page is "Ubah".
addEventListener('popstate', ({ state }) => {
  const change = find('[name=ubah]')
  if (state) change ? change.click() : location.reload()
})

// ---- photos: small, in pieces, after the words (tus 1.0) ----

const shrink = async file => {
  const { saveData, effectiveType, downlink } = navigator.connection || {}
  // EDGE calls itself 3g where its answers come fast; its width gives it away.
  const slow = saveData || /2g/.test(effectiveType) || downlink < .4 || took > 3e3
  try {
    const image = await createImageBitmap(file), { width, height } = image
    const scale = Math.min(1, (slow ? 1024 : 1280) / Math.max(width, height))
    const canvas = document.createElement('canvas')
    canvas.width = width * scale
    canvas.height = height * scale
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    const draw = quality => new Promise(done => canvas.toBlob(done, 'image/jpeg', quality))
      .then(small => small.size > (slow ? 9e4 : 15e4) && quality > .3 ? draw(quality - .1) : small)
    const small = await draw(.6)
    // Before Chrome 81 the picture still lies as the camera was held: what tells so goes along.
    const head = new DataView(await new Response(file.slice(0, 6)).arrayBuffer())
    return head.getUint16(2) != 0xffe1 || CSS.supports('image-orientation', 'from-image') ? small
      : new Blob([small.slice(0, 2), file.slice(2, 4 + head.getUint16(4)), small.slice(2)])
  } catch (_) {
    return file // a paper, a video, what only the server can draw
  }
}

const upload = async (file, { to, token }) => {
  const small = await shrink(file), encode = text => btoa(unescape(encodeURIComponent(text)))
  const about = `filename ${encode(file.name)},id ${encode(Math.random())}`
  const tus = async (method, url, more, body) => {
    const call = await ask(method, url, Object.assign({ 'Tus-Resumable': '1.0.0', 'X-CSRFToken': token }, more), body)
    if (/404|409/.test(call.status)) throw call
    if (call.status > 299) throw call.responseText
    offset = +call.getResponseHeader('Upload-Offset')
    return call
  }
  let offset = -1, url
  while (offset < small.size) {
    await insist(async () => {
      // Asked for once more, it says how much of it arrived.
      if (offset < 0) url = (await tus('POST', to, { 'Upload-Length': small.size, 'Upload-Metadata': about })).getResponseHeader('Location')
      const at = offset
      offset = -1
      await tus('PATCH', url, { 'Upload-Offset': at, 'Content-Type': 'application/offset+octet-stream' }, small.slice(at, at + 32768))
    }, 6e5)
  }
}

const follow = async (files, box) => {
  const [sending, sent, failed, again] = box.children, left = [], why = []
  const fill = (line, ...values) => {
    for (const one of box.children) one.hidden = one != line
    values.forEach((value, at) => line.children[at].textContent = value)
  }
  // Whoever goes on from here must not end what is on its way.
  const goOn = target => [...document.links].forEach(link => link.target = target)
  goOn('_blank')
  box.hidden = false
  for (const file of files) {
    fill(sending, files.indexOf(file) + 1, files.length)
    await upload(file, box.dataset).catch(reason => {
      if (!reason.trim) left.push(file)
      why.push(reason.trim ? reason : file.name + failed.dataset.words)
    })
  }
  goOn('')
  if (!why.length) return fill(sent, files.length)
  fill(failed, why.join(' '))
  again.hidden = !left.length
  again.onclick = () => follow(left, box)
}

// ---- every page, as it comes ----

const greet = () => {
  const form = find('form'), found = find('#found'), later = find('#later'), box = find('#follow'), here = find('#locate')
  const files = picker ? [...picker.files] : []
  if (later && files[0]) later.textContent = files.length + later.dataset.words
  if (box && files[0]) {
    picker = 0
    follow(files, box)
  }
  if (here) {
    here.hidden = false
    here.onclick = () => document.head.appendChild(document.createElement('script')).src = here.dataset.src
  }
  const [at, story, place] = JSON.parse(localStorage.getItem('lapor')) || [], waits = Date.now() - at < 6e8
  if (!waits || /terkirim/.test(location)) localStorage.removeItem('lapor')
  if (!found || form.story.value || !waits) return
  const today = new Date().setHours(0, 0, 0)
  find('b', found).textContent = (at > today ? 'hari ini' : at > today - 864e5 ? 'kemarin' : new Date(at).toLocaleDateString('id', { weekday: 'long' })) + ', ' + clock(new Date(at))
  found.hidden = false
  found.onclick = ({ target }) => {
    if (!target.name) return
    found.hidden = true
    if (target.value) [form.story.value, form.place.value] = [story, place]
    else localStorage.removeItem('lapor')
    form.story.focus()
  }
}

// Words and place only; of what is to stay hidden nothing, for phones are shared.
addEventListener('input', ({ target: { form } }) => {
  const note = find('#draft')
  if (!form || !note || !find('#found').hidden) return
  note.hidden = find('[name=confidential]:checked,[name^=about]:checked', form)
  localStorage.setItem('lapor', JSON.stringify(note.hidden ? 0 : [Date.now(), form.story.value, form.place.value]))
  find('b', note).textContent = clock(new Date())
})

greet()
