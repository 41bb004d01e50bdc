// Kendali by keyboard, and in step with whoever else leads. The page works without it. It expects:
//   [data-key="p"]      pressed by that key; several keys stand side by side: "ArrowDown l"
//   #seen[data-version] the newest step that this page knows of
//   #moved              shown when somebody led on while something is being typed here
(() => {
  const { stream, address, shortcuts } = document.body.dataset
  const remote = document.getElementById('remote')
  const moved = document.getElementById('moved')
  const trouble = document.getElementById('trouble')
  let typed = false

  const typing = element => element.matches('textarea, select, input:not([type=radio])')

  document.addEventListener('keydown', event => {
    const { target, key } = event
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || shortcuts === 'off') return
    if (typing(target) || (key === 'Enter' && target !== document.body)) return
    if (target.type === 'radio' && key.startsWith('Arrow')) return
    const name = key.length === 1 ? key.toLowerCase() : key
    const button = document.querySelector(`[data-key~="${CSS.escape(name)}"]`)
    if (!button) return
    event.preventDefault()
    if (button.type === 'radio') button.focus()
    else button.click()
  })

  remote.addEventListener('input', () => { typed = true })
  remote.addEventListener('htmx:afterSwap', event => {
    if (event.detail.target !== remote) return
    typed = false
    moved.hidden = true
  })
  document.addEventListener('htmx:afterRequest', event => {
    const { failed, xhr } = event.detail
    trouble.hidden = !failed || [409, 422].includes(xhr.status)
    trouble.textContent = trouble.dataset.unsent
  })

  const source = new EventSource(stream)
  source.addEventListener('end', () => { source.close(); location.reload() })
  source.onmessage = event => {
    // One's own step comes by its own answer; give that a moment.
    setTimeout(() => {
      const seen = document.getElementById('seen')
      if (!seen || Number(event.lastEventId) <= Number(seen.dataset.version)) return
      if (typed) moved.hidden = false
      else htmx.ajax('GET', address, { target: remote, swap: 'innerHTML' })
    }, 300)
  }
})()
