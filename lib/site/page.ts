import { copyButtons } from './copying';
import { drawWhenNear } from './near';
import { scrollable } from './scrolling';
import { search } from './search';

copyButtons();
scrollable();
search();
drawWhenNear();
