// What the check says in English: sentence → translation, or [for one, for several].
// A test holds it complete; docs/how-to/translate.md has the words to use.

export const ENGLISH = {
  // small words
  "、": ", ",
  "；": "; ",
  "{sentence}。": "{sentence}.",
  "{what}。{next}。": "{what}. {next}.",
  "{what}：{done} / {all}": "{what}: {done} / {all}",
  "{day} {time}": "{day}, {time}",
  "{year}年{month}月{date}日": "{date} {name} {year}",
  "{at}，{n} 条": ["{at}, {n} entry", "{at}, {n} entries"],

  // states
  "进行中": "In progress",
  "已申请销号，待核实": "Declared delivered, awaiting verification",
  "已兑现": "Kept",
  "未兑现": "Broken",
  "免除": "Waived",
  "任务终止": "Withdrawn",
  "按期兑现": "Kept on time",
  "调整后兑现": "Kept after its deadline was moved",
  "逾期兑现": "Kept late",
  "兑现（未定时限）": "Kept, no deadline stated",
  "部分兑现": "Kept in part",

  // what is compared
  "完成时限": "Deadline",
  "原定完成时限": "Original deadline",
  "调整次数": "Times moved",
  "状态": "State",
  "结果": "Outcome",
  "承诺量": "How much",
  "责任单位": "Responsible unit",
  "未定时限": "No deadline stated",
  "还没有结果": "no result yet",
  "没有写明数量": "no quantity stated",
  "未明确责任单位": "No responsible unit named",
  "代码 {value}": "code {value}",

  // verdicts
  "通过": "Passed",
  "不符": "Does not match",
  "这次没有核验成": "The check could not be carried out",
  "核验程序出错": "The checking program failed",
  "本站给出的数据读不出来（{why}）。请刷新后再试；如果一直这样，请改用 yinuo-verify 核验。":
    "What this site sent cannot be read ({why}). Reload and try again; if it goes on, check with yinuo-verify instead.",
  "正在核验": "Checking",
  "正在核对": "Comparing",
  "您的浏览器正在自己计算": "Your browser is working it out",
  "核验于 {at}": "Checked on {at}",
  "再核验一次": "Check again",
  "已核验": "checked",
  "第 {index} 条已核验": "entry {index} checked",
  "待封存": "waits to be sealed",

  // one promise
  "您的浏览器重新计算了这项承诺的 {n} 条存证记录：都在今天的账本里，一条没改，中间一条没少；": [
    "Your browser reckoned the {n} entry of this promise again: it is in today's ledger, unchanged; ",
    "Your browser reckoned the {n} entries of this promise again: all are in today's ledger, none was changed and none between them is missing; ",
  ],
  "页面上的完成时限、状态等 {compared} 项与最后一次记录一致。":
    "deadline, state and the rest of the {compared} facts on this page agree with the last entry.",
  "另有 {n} 条待封存，一般几秒内进入账本，那时才能核验。": [
    "{n} more waits to be sealed, usually within seconds; only then can it be checked.",
    "{n} more wait to be sealed, usually within seconds; only then can they be checked.",
  ],
  "没有证明的：承诺真的做到了、报送的数字属实；也看不出刚刚写下却没有公开的记录。":
    "Not proven: that the promise was really kept, or that reported figures are true; nor would an entry show that was just written and not published.",
  "您的浏览器重新计算了这项承诺的历史，发现：": "Your browser reckoned the history of this promise again and found:",
  "请先刷新再核验一次。仍然不符时，请保存这一页，交审计机关或见证单位核实：要么数据被绕过账本改过，要么本站出了故障。":
    "Reload and check once more. If it still does not match, save this page and have the audit office or a witness look into it: either data was changed past the ledger, or this site is at fault.",
  "历史中有 {n} 处与账本不符，已在下面逐条标出": [
    "the history differs from the ledger in {n} place, marked below",
    "the history differs from the ledger in {n} places, each marked below",
  ],
  "页面没有显示账本第 {entries} 条记录": "the page does not show entry {entries} of the ledger",
  "请刷新后再核验": "Please reload, then check",
  "打开本页之后，这项承诺有了新的记录。": "There are new entries of this promise since the page was opened.",
  "这项承诺现在没有公开，公开的账本里没有它的内容": "This promise is not public now, so the public ledger does not hold its content",
  "请刷新本页": "Please reload this page",
  "公开的账本里没有这条记录": "the public ledger has no such entry",
  "公开的账本里没有这项承诺本身的记录": "the public ledger has no entry of this promise itself",
  "页面显示的时间与记录不同": "the page shows another time than the entry",
  "页面写的编号是 {shown}，账本里是 {recorded}": "the page gives number {shown}, the ledger {recorded}",
  "{label}与最后一次记录不符：记录为{recorded}": "{label} differs from the last entry, which says {recorded}",
  "{label}：页面为“{said}”，最后一次记录为“{recorded}”": "{label}: the page says \"{said}\", the last entry \"{recorded}\"",
  "上次核验时这项承诺有 {before} 条已封存的记录，现在只有 {sealed} 条":
    "at the last check this promise had {before} sealed entries, now it has only {sealed}",

  // its entries
  "内容或时间与封存的不同：重新计算的哈希不是账本第 {index} 条的哈希":
    "content or time differs from what was sealed: the hash reckoned again is not that of entry {index}",
  "算不到签名的根哈希：账本的瓦片被改动过": "it does not lead to the signed root hash: tiles of the ledger were altered",
  "缺少理由或说明的文字，也没有依法删除的记录":
    "the text of a reason or note is missing, and there is no entry that it was erased by law",
  "理由或说明的文字与当时写下的不同": "the text of a reason or note is not what was written then",
  "{subject} 的第 {missing} 版不见了，这里是第 {version} 版": "version {missing} of {subject} is missing; this is version {version}",
  "在账本里的先后颠倒了": "its order in the ledger is reversed",
  "写入时间比前一条早一个多小时：时间被倒填": "written more than an hour before the entry it follows: the time was backdated",
  "记录的内容读不出来": "the content of the entry cannot be read",
  "这是 {thread} 的记录，不属于这项承诺": "this is an entry of {thread}, not of this promise",
  "编号超出了账本": "its number is beyond the ledger",

  // key, memory, witnesses
  "账本换过密钥，更换记录由原来的密钥签名，已核对。": "The ledger changed its key; the entry that says so is signed by the old key and was checked. ",
  "密钥取自您导入的信任文件，不是取自本站。": "The key comes from the trust file you imported, not from this site.",
  "密钥取自本站，首次记住：下次起就用它核对。":
    "The key comes from this site and was remembered for the first time: later checks go by it.",
  "密钥与本浏览器 {at} 从本站记住的一致。": "The key is the one this browser remembered from this site on {at}.",
  "本浏览器不让网页保存数据，所以下次无从比较。请改为保存存证校验单。":
    "This browser lets pages store nothing, so the next check has nothing to compare with. Keep a checkpoint sheet instead.",
  "已记住今天的校验点（{n} 条），下次会核对账本有没有被改写。": [
    "Today's checkpoint ({n} entry) is remembered; the next check will tell whether the ledger was rewritten.",
    "Today's checkpoint ({n} entries) is remembered; the next check will tell whether the ledger was rewritten.",
  ],
  "今天的账本接着本浏览器 {at} 记住的校验点（{n} 条）写下去，没有改写。": [
    "Today's ledger goes on from the checkpoint this browser remembered on {at} ({n} entry) and was not rewritten.",
    "Today's ledger goes on from the checkpoint this browser remembered on {at} ({n} entries) and was not rewritten.",
  ],
  "见证单位 {names} 联署到第 {size} 条。": "Witnesses {names} cosigned up to entry {size}.",
  "见证单位 {names} 联署到第 {size} 条，其后 {n} 条还在等联署。": [
    "Witnesses {names} cosigned up to entry {size}; {n} later one still awaits them.",
    "Witnesses {names} cosigned up to entry {size}; {n} later ones still await them.",
  ],
  "信任文件里的见证单位还没有联署到约定的数目：未见证，只证明与本站一致。":
    "Fewer witnesses of the trust file have cosigned than agreed: not witnessed, this proves only agreement with this site.",
  "未见证：只证明与本站一致。": "Not witnessed: this proves only agreement with this site.",
  "细节": "Details",
  "账本": "Ledger",
  "条数": "Entries",
  "根哈希": "Root hash",
  "存证校验码": "Checkpoint code",
  "密钥": "Key",
  "上次记住": "Remembered before",
  "没有": "nothing",

  // the page of the log
  "校验点": "Checkpoint",
  "{n} 条，{at} 核对过": ["{n} entry, compared on {at}", "{n} entries, compared on {at}"],
  "还没有核对过": "not compared yet",
  "密钥来历": "Where the key is from",
  "信任文件，{at} 导入": "trust file, imported on {at}",
  "取自本站，{at} 首次记住": "this site, first remembered on {at}",
  "还没有记住任何校验点。核对一次就会记住。": "No checkpoint is remembered yet. Compare once and it will be.",
  "今天的账本有 {n} 条，签名和根哈希都对得上。": [
    "Today's ledger has {n} entry; signature and root hash fit.",
    "Today's ledger has {n} entries; signature and root hash fit.",
  ],
  "信任文件里没有账本的公钥": "The trust file has no public key of a ledger",
  "应有一行 log 开头的公钥，请核对选的文件": "It should have a line that begins with log; please check which file you chose",
  "信任文件写的账本是 {names}，本站的是 {origin}": "The trust file is about the ledger {names}, this site's is {origin}",
  "请核对选的文件是不是这座城市的；如果账本改过名，请索取新的信任文件":
    "Please check that the file is this city's; if the ledger was renamed, ask for a new trust file",
  "本浏览器不让网页保存数据，没有导入": "This browser lets pages store nothing, so it was not imported",
  "请退出无痕模式，或允许本站保存数据后再试": "Leave private browsing, or allow this site to store data, and try again",
  "清除后，本浏览器不再能发现此前的改写。确定清除？":
    "Once forgotten, this browser can no longer find out earlier rewriting. Forget it?",
  "已清除。": "Forgotten.",

  // a printed code
  "这枚校验码不是这本账本的": "This code is not one of this ledger",
  "请对照原件核对，或核对是不是别的城市的": "Please compare it with the original, or see whether it is another city's",
  "校验码所记": "The code says",
  "今天算得": "Reckoned today",
  "您的浏览器也查过：今天的账本只有 {n} 条，不到 {size} 条。":
    "Your browser looked too: today's ledger has only {n} entries, fewer than {size}.",
  "您的浏览器也算过：今天的账本在第 {size} 条时是另一个根哈希。":
    "Your browser reckoned it too: at entry {size} today's ledger has another root hash.",
  "您的浏览器也算了一遍：从今天的账本（{n} 条）倒推到第 {size} 条，正是校验码上的根哈希。":
    "Your browser reckoned it too: going back from today's ledger ({n} entries) to entry {size} gives the very root hash of the code.",

  // is it the same log
  "请把这一页和您保存的存证校验单留好，向审计机关或见证单位核实；在弄清之前，本浏览器继续记住原来的校验点":
    "Keep this page and any checkpoint sheets you have, and ask the audit office or a witness; until it is cleared up this browser goes on remembering the earlier checkpoint",
  "本站没有公布账本的公钥": "This site has not published the ledger's public key",
  "请联系运行单位，或从别处取得信任文件后在“存证账本”页导入":
    "Please ask the unit that runs it, or get a trust file elsewhere and import it on the ledger page",
  "演示环境重新生成后也会这样，可在“存证账本”页清除后重来。":
    "A demonstration that was set up anew looks like this too; forget the checkpoint on the ledger page and start again. ",
  "存证校验点由 {signers} 签名，不是本浏览器信任的 {trusted}，也没有更换密钥的记录":
    "The checkpoint is signed by {signers}, not by {trusted}, which this browser trusts, and no entry says that the key was changed",
  "账本变短了：{where}有 {seen} 条，今天只有 {today} 条": "The ledger became shorter: {where} had {seen} entries, today's has only {today}",
  "账本被改写过：今天的账本不是{where}（{seen} 条）的延续":
    "The ledger was rewritten: today's does not go on from {where} ({seen} entries)",
  "见证单位联署的账本": "the ledger that the witnesses cosigned",
  "更换密钥时的账本": "the ledger at the change of keys",
  "本浏览器记住的账本": "the ledger this browser remembers",
  "账本还没有存证校验点": "The ledger has no checkpoint yet",
  "第一批记录封存之后再来核验，一般只要几秒": "Come back once the first entries are sealed, usually within seconds",
  "存证校验点写的账本是 {origin}，签名的密钥却属于别的账本": "The checkpoint names the ledger {origin}, but the key that signed it is another ledger's",
  "账本的瓦片与签名的根哈希不符：瓦片被改动过，或本站出了故障":
    "The tiles of the ledger do not give the signed root hash: tiles were altered, or this site is at fault",

  // changes of keys
  "条目包不完整": "A bundle of entries is incomplete",
  "没有公布更换密钥的记录（第 {index} 条）": "The entry about the change of keys (entry {index}) is not published",
  "更换密钥的记录（第 {index} 条）与封存的不同": "The entry about the change of keys (entry {index}) differs from what was sealed",
  "密钥从 {before} 换到 {after} 的证明不成立：{what}": "The change of keys from {before} to {after} is not proven: {what}",
  "没有旧密钥的签名": "the old key's signature is missing",
  "旧密钥没有签到那条记录": "the old key did not sign as far as that entry",
  "那条记录写的不是这把密钥": "that entry names another key",

  // fetching
  "请检查网络后再试一次；如果一直这样，请到“存证账本”页看看封存是否正常":
    "Check your network and try again; if it goes on, see on the ledger page whether sealing works",
  "连不上本站，取不到账本": "This site cannot be reached, so the ledger cannot be fetched",
  "取不到账本的 {path}（HTTP {status}）": "{path} of the ledger cannot be fetched (HTTP {status})",
  "取账本的 {path} 时中断": "Fetching {path} of the ledger broke off",
  "本站的 {path} 不是 JSON": "{path} of this site is no JSON",
  "本站缺少账本的 {path}": "This site lacks {path} of the ledger",

  // notes and trees
  "存证校验点的签名行写法不对": "A signature line of the checkpoint is malformed",
  "存证校验点不完整：应有文字、一个空行和签名": "The checkpoint is incomplete: it should have text, an empty line and signatures",
  "存证校验点含有控制字符": "The checkpoint contains control characters",
  "存证校验点写法不对：应为账本名称、条数和根哈希三行":
    "The checkpoint is malformed: it should have three lines, the ledger's name, its size and its root hash",
  "{key} 的签名与存证校验点的文字不符：文字或签名被改动过":
    "The signature of {key} does not fit the text of the checkpoint: text or signature was altered",
  "账本的瓦片 {level}/{index} 不完整：应有 {width} 个哈希": "Tile {level}/{index} of the ledger is incomplete: it should have {width} hashes",
  "账本有 {size} 条，没有第 {index} 条": "The ledger has {size} entries and no entry {index}",
  "账本只能增加：原有 {before} 条，现只有 {after} 条": "A ledger can only grow: it had {before} entries and now has {after}",
  "证明的长度不对": "The proof has the wrong length",
  "由第 {index} 条算得的根哈希是 {root}，与签名的不同": "The root hash reckoned from entry {index} is {root}, not the signed one",
  "{after} 条时的账本（根哈希 {newRoot}）不是 {before} 条时的账本（根哈希 {oldRoot}）的延续":
    "The ledger of {after} entries (root hash {newRoot}) does not go on from that of {before} entries (root hash {oldRoot})",

  // the trust file
  "信任文件第 {line} 行：{what}": "Line {line} of the trust file: {what}",
  "请向见证单位或审计机关重新索取信任文件，不要从本站取得":
    "Please ask a witness or the audit office for the trust file again, and do not get it from this site",
  "公钥写法不对，应为 名称+编号+Base64": "the key is malformed; it should be name+id+Base64",
  "组的名称缺失或重复": "the name of the group is missing or taken",
  "组要写明 all、any 或不超过成员数的数目": "a group needs all, any, or a number no larger than its members",
  "没有先写明 {name}": "{name} was not named before",
  "{name} 已在另一组里": "{name} is in another group already",
  "见证单位的名称缺失或重复": "the name of the witness is missing or taken",
  "同一把公钥写了两次": "the same key stands here twice",
  "quorum 只能写一次": "quorum may stand only once",
  "文件太大，不是信任文件": "The file is too large for a trust file",
  "信任文件只有几行文字，请核对选的文件": "A trust file has a few lines of text; please check which file you chose",
  "含有控制字符，换行须为 LF": "it contains control characters; lines must end with LF",
  "不认识“{word}”": "unknown word \"{word}\"",
  "缺少 quorum 一行": "the quorum line is missing",

  // the page of one file
  "您的浏览器重新计算了这份文件的历史，发现：": "Your browser worked out the history of this file anew and found:",
  "您的浏览器重新计算了这份文件的 {n} 条存证记录：都在今天的账本里，页面上的 SHA-256 与记录一致。": [
    "Your browser worked out the {n} ledger entry of this file anew: it is in today's ledger, and the SHA-256 on this page is the recorded one.",
    "Your browser worked out the {n} ledger entries of this file anew: they are in today's ledger, and the SHA-256 on this page is the recorded one.",
  ],
  "没有证明的：文件说的是真的。把它下载下来算出 SHA-256，才知道手里的是不是这一份。":
    "Not proven: that what the file says is true. Download it and work out its SHA-256 to know whether what you hold is this very file.",
  "这份文件现在没有公开，公开的账本里没有它的内容": "This file is not public now, so the public ledger does not hold it",
};
