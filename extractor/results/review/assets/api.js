// Requests to the program. Each carries the token of the page's address in a header as well.

const token = location.pathname.split("/")[1];

// A refusal: `problems` has what is wrong with each field.
export class Refusal extends Error {
  constructor(status, answer) {
    super(answer.error || "The program gave no answer.");
    this.status = status;
    this.problems = answer.problems || [];
  }
}

async function ask(method, name, query, body) {
  const address = `api/${name}${query ? "?" + new URLSearchParams(query) : ""}`;
  const headers = { "x-review-token": token };
  if (body) headers["content-type"] = "application/json";
  let response;
  try {
    response = await fetch(address, { method, headers, body: body && JSON.stringify(body), credentials: "omit", redirect: "error" });
  } catch {
    throw new Refusal(0, { error: "The program does not answer. What was decided is saved; start `extractor review` again to go on." });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}

export const get = (name, query) => ask("GET", name, query);
export const post = (name, body) => ask("POST", name, null, body);
