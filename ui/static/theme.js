// Before the first paint: the look that the user chose, if he chose one; the browser's preference otherwise.
try {
  const { dataset } = document.documentElement;
  const theme = localStorage.getItem('spectacles-theme');
  if (theme === 'light' || theme === 'dark') dataset.theme = theme;
  if (localStorage.getItem('spectacles-density') === 'compact') dataset.density = 'compact';
} catch {
  // Storage is switched off: the browser's preference it is.
}
