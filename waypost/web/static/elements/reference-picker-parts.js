/** What a picker consists of. Nothing in it belongs to the form around it. */
export const PARTS = `
  <p class="reference-problem" role="alert" hidden></p>
  <input class="form-control" form="" type="search" role="combobox" aria-label="Search references" aria-autocomplete="list"
    aria-expanded="true" autocomplete="off" spellcheck="false" placeholder="Search steps, fields, variables">
  <div class="reference-list" role="listbox" aria-label="References"></div>
  <p class="reference-none" hidden>Nothing is called so. Only earlier steps have values here.</p>
  <fieldset class="reference-formats"><legend>Write the value as</legend><div></div><p></p></fieldset>
  <div class="reference-actions"><button type="button" class="btn btn-primary"></button>
    <button type="button" class="btn" data-remove>Remove</button>
    <button type="button" class="btn" data-close>Cancel</button></div>
  <p class="visually-hidden" role="status"></p>`;
