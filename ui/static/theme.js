// Before the first paint: the theme that the user chose, if he chose one; the browser's preference otherwise.
try {
  const theme = localStorage.getItem('spectacles-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the browser's preference it is.
}
