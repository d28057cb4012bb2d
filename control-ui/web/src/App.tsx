// Decides between the sign-in and the page.
import { useQueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ApiError } from "./api/problem";
import { makeRouter } from "./app/routes";
import { sentence } from "./format";
import { messages } from "./messages";
import { SignIn } from "./session/SignIn";
import { useSession, useSignIn, type LinkCode } from "./session/useSession";
import { LateText } from "./ui/LateText";

const router = makeRouter();

export function App({ link }: { readonly link: LinkCode }) {
  const session = useSession(link);
  const signIn = useSignIn();
  const client = useQueryClient();

  if (session.isError) {
    return (
      <main id="main" className="tf-center">
        <h1>{messages.product}</h1>
        <p role="alert">
          {session.error instanceof ApiError ? sentence(session.error.message) : messages.problems.unreachable}{" "}
          {messages.problems.triesAgain}
        </p>
      </main>
    );
  }
  if (session.data === undefined) return <LateText>{messages.loading}</LateText>;
  if (session.data.kind === "signed_in") return <RouterProvider router={router} />;
  const notices = { new: null, ended: messages.session.ended, code_refused: messages.session.refusedCode };
  return (
    <SignIn
      notice={notices[session.data.why]}
      problem={signIn.error && sentence(signIn.error.message)}
      pending={signIn.isPending}
      onKey={(key) => {
        client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
        signIn.mutate({ key });
      }}
    />
  );
}
