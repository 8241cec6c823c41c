/** Who is logged in, where one has to. */

import {get, logOut, session} from "./api.js";
import {fill, h} from "./dom.js";

export async function account(host) {
  const me = await get("me");
  session.needed = me.logIn;
  session.role = me.role;
  if (!me.logIn) return;
  fill(host, h("span.fact", {title: `Logged in as ${me.role}`}, me.name), h("button.text", {type: "button", id: "logout", on: {click: logOut}}, "Log out"));
}
