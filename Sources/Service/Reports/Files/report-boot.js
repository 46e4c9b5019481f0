// Starts the page that is one file: the report stands in it as JSON.
renderReport(document.getElementById("place"), JSON.parse(document.getElementById("report").textContent), { level: 2 });
