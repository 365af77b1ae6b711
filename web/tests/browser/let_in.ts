/** What a page of tests begins with: the page as it is, and a way in for whoever drives the browser. */
import "./let_in_shell"; // first, so that it is there when the page draws its first screen
import "../../src/page/main";
