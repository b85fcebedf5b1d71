// Starts the vendored Swagger UI on our own description; nothing is asked of another host.
window.addEventListener("load", () => {
  "use strict";
  window.SwaggerUIBundle({
    url: "/api/v1/openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    docExpansion: "list",
    validatorUrl: null,
  });
});
