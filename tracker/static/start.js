// Wakes the components of GOV.UK Frontend that are on the page. Every page works without it.
import { initAll } from './vendor/govuk-frontend-6.6.0/govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
