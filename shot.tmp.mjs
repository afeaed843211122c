import { chromium } from "playwright-core";
const [url,...pages]=process.argv.slice(2);
const b=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox"]});
for (const theme of ["light","dark"]) { const c=await b.newContext({viewport:{width:1440,height:900},colorScheme:theme}); const p=await c.newPage(); await p.goto(url); await p.waitForTimeout(2500);
 for (const [i,path] of pages.entries()) { await p.goto(url.replace(/#.*/,"")+"#"+path); await p.waitForTimeout(3500); await p.screenshot({path:`/tmp/shots/${path.replace(/[^a-z0-9]+/gi,"_")}-${theme}.png`}); }
 await c.close(); }
await b.close();
