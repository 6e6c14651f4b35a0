import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TheExchange, type Exchange } from './exchange.js';
import { Files } from './files.decorator.js';
import { Filings, type FiledAnswer } from './filings.js';
import { CancelMeetingBody, HoldMeetingBody, MeetingHeldBody, RescheduleMeetingBody, ScheduleMeetingBody } from './meeting.body.js';

@ApiTags('Meetings')
@Controller('meetings')
export class MeetingController {
  constructor(private readonly filings: Filings) {}

  @Files('ScheduleMeeting')
  schedule(@Body() body: ScheduleMeetingBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'ScheduleMeeting', ...body }, exchange);
  }

  @Files('HoldMeeting', 'held', { does: 'Files a contact that nobody announced' })
  fileHeld(@Body() body: MeetingHeldBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'HoldMeeting', ...body }, exchange);
  }

  @Files('RescheduleMeeting', ':id/reschedule')
  reschedule(@Param('id') record: string, @Body() body: RescheduleMeetingBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'RescheduleMeeting', record, ...body }, exchange);
  }

  @Files('CancelMeeting', ':id/cancel')
  cancel(@Param('id') record: string, @Body() body: CancelMeetingBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'CancelMeeting', record, ...body }, exchange);
  }

  @Files('HoldMeeting', ':id/hold', { does: 'Files that the scheduled meeting took place' })
  hold(@Param('id') record: string, @Body() body: HoldMeetingBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'HoldMeeting', record, ...body }, exchange);
  }
}
