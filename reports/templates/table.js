(function () {
  "use strict";
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var groups = all(".group"), tabs = all(".tabs button"), selects = all("[data-filter]");
  var box = document.getElementById("q"), count = document.getElementById("count"), clear = document.getElementById("clear");
  var sheet = tabs[0].getAttribute("data-sheet");
  var fold = function (text) { return (text.normalize ? text.normalize("NFKC") : text).toLowerCase(); };

  function show() {
    var words = fold(box.value).split(/\s+/).filter(Boolean);
    var wanted = selects.filter(function (s) { return s.value; });
    var active = words.length > 0 || wanted.length > 0;
    var seen = 0, total = 0;
    groups.forEach(function (group) {
      group.hidden = group.id !== sheet;
      if (group.hidden) { return; }
      all(".card", group).forEach(function (card) {
        var fits = words.every(function (word) { return card.getAttribute("data-find").indexOf(word) >= 0; }) &&
          wanted.every(function (s) { return ("|" + card.getAttribute("data-" + s.getAttribute("data-filter")) + "|").indexOf("|" + s.value + "|") >= 0; });
        card.hidden = !fits;
        total += 1;
        if (fits) { seen += 1; }
      });
    });
    count.textContent = total ? (active ? "找到 " + seen + " 家，共 " + total + " 家" : "共 " + total + " 家") : "";
    clear.hidden = !active;
  }

  tabs.forEach(function (tab) {
    tab.addEventListener("click", function () {
      sheet = tab.getAttribute("data-sheet");
      tabs.forEach(function (other) { other.setAttribute("aria-pressed", String(other === tab)); });
      show();
    });
  });
  box.addEventListener("input", show);
  selects.forEach(function (s) { s.addEventListener("change", show); });
  clear.addEventListener("click", function () {
    box.value = "";
    selects.forEach(function (s) { s.value = ""; });
    show();
    box.focus();
  });
  // On paper every list is wanted that is on the screen, with its reasons folded.
  show();
}());
