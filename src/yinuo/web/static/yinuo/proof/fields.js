// What the page shows of a commitment, against the last recorded state.

import { day as civilDay } from "./dom.js";
import { say } from "./say.js";

const STATUS = {
  open: say("进行中"),
  delivered: say("已申请销号，待核实"),
  kept: say("已兑现"),
  broken: say("未兑现"),
  waived: say("免除"),
  withdrawn: say("任务终止"),
};
const OUTCOME = {
  kept_on_time: say("按期兑现"),
  kept_after_move: say("调整后兑现"),
  kept_late: say("逾期兑现"),
  kept_undated: say("兑现（未定时限）"),
  kept_in_part: say("部分兑现"),
  broken: say("未兑现"),
  waived: say("免除"),
};

/** A recorded date as the page writes it. */
const day = (iso) => civilDay(...iso.split("-").map(Number));

const plain = (value) => value;
const FIELDS = {
  // name on the page: column of the state, its label, how the page writes it, what it writes for nothing
  due: ["due", say("完成时限"), day, say("未定时限")],
  due_original: ["due_original", say("原定完成时限"), day, say("未定时限")],
  moved_count: ["moved_count", say("调整次数"), plain, "0"],
  status: ["status", say("状态"), (value) => STATUS[value] ?? value, ""],
  outcome: ["outcome", say("结果"), (value) => OUTCOME[value] ?? value, say("还没有结果")],
  value: ["value", say("承诺量"), plain, say("没有写明数量")],
  lead: ["lead_id", say("责任单位"), (value) => say("代码 {value}", { value }), say("未明确责任单位")],
};

/** How many columns are compared. */
export const COMPARED = Object.keys(FIELDS).length;

/**
 * Every way in which the page differs from the state: [{element, label, shown, recorded}].
 * `shown` maps the name of a column to the element that shows it (data-shown, data-value).
 */
export function differences(shown, state) {
  const found = [];
  for (const [name, [column, label, write, nothing]] of Object.entries(FIELDS)) {
    const element = shown.get(name);
    const recorded = state[column] ?? "";
    const value = element?.dataset.value ?? "";
    const words = (raw) => (raw === "" ? nothing : String(write(raw)));
    const said = element?.hasAttribute("data-words") ? element.textContent.trim() : null;
    if (value !== String(recorded) || (said !== null && said !== words(recorded))) {
      found.push({ element, label, shown: said ?? words(value), recorded: words(recorded) });
    }
  }
  return found;
}
