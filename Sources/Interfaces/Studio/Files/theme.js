// Sets the remembered colour scheme before anything is drawn. "auto" follows the system.
try {
  const theme = localStorage.getItem("lipsmith.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* Storage may be closed to pages; the system's scheme is used then. */ }
