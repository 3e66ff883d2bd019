// Read only by browsers that know no modules.
document.addEventListener('DOMContentLoaded', function () {
  document.getElementById('boot-text').textContent = 'This browser is too old for DITS';
  document.getElementById('boot-detail').textContent = 'A current Firefox, Chrome, Edge or Safari can draw it.';
});
