// What the page shows of a commitment, against the last recorded state.

const STATUS = {
  open: "进行中",
  delivered: "已申请销号，待核实",
  kept: "已兑现",
  broken: "未兑现",
  waived: "免除",
  withdrawn: "任务终止",
};
const OUTCOME = {
  kept_on_time: "按期兑现",
  kept_after_move: "调整后兑现",
  kept_late: "逾期兑现",
  kept_undated: "兑现（未定时限）",
  kept_in_part: "部分兑现",
  broken: "未兑现",
  waived: "免除",
};

/** A recorded date as the page writes it. */
function day(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

const plain = (value) => value;
const FIELDS = {
  // name on the page: column of the state, its label, how the page writes it, what it writes for nothing
  due: ["due", "完成时限", day, "未定时限"],
  due_original: ["due_original", "原定完成时限", day, "未定时限"],
  moved_count: ["moved_count", "调整次数", plain, "0"],
  status: ["status", "状态", (value) => STATUS[value] ?? value, ""],
  outcome: ["outcome", "结果", (value) => OUTCOME[value] ?? value, "还没有结果"],
  value: ["value", "承诺量", plain, "没有写明数量"],
  lead: ["lead_id", "责任单位", (value) => `代码 ${value}`, "未明确责任单位"],
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
