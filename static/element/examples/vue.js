import { createApp } from "vue";
import SetCredential from "./SetCredential.vue";

createApp(SetCredential, { linkedService: "SalesSqlServer" }).mount(document.body.appendChild(document.createElement("main")));
